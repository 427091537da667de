import type { EnterRefusal, JoinRefusal } from './rules.ts'

/** What pages in English say instead of the texts of `text.es.ts`; the API speaks Spanish. */
export function joinText(reason: JoinRefusal, values: { code: string; leadMinutes: number }): string {
  switch (reason) {
    case 'bad-code':
      return 'The code must have exactly 8 letters or digits'
    case 'too-many-tries':
      return 'Too many tries. Try again in a few minutes.'
    case 'unknown-code':
      return `No class was found for this code: ${values.code}`
    case 'no-account':
      return 'You are not signed in. Sign in and try again.'
    case 'own-class':
      return 'You booked this class, so you cannot join it as a guest'
    case 'expired':
      return 'The code has expired: the class was cancelled or rescheduled.'
    case 'code-changed':
      return 'The code has changed. Ask whoever booked the class for the new one.'
    case 'over':
      return 'The class is over.'
    case 'early':
      return `You cannot join yet: the class opens ${values.leadMinutes} minutes before it begins.`
    case 'started':
      return 'The class has begun and lets nobody new in.'
    case 'full':
      return 'Every seat of the class is taken'
  }
}

export const ALREADY_JOINED_TEXT = 'You have joined the class already'

export function enterText(reason: EnterRefusal, leadMinutes: number): string {
  switch (reason) {
    case 'unknown-class':
      return 'The class was not found'
    case 'cancelled':
      return 'The class is cancelled'
    case 'over':
      return 'The class is over.'
    case 'not-confirmed':
      return 'The class is not confirmed yet'
    case 'early':
      return joinText('early', { code: '', leadMinutes })
  }
}
