import type { NoticeKind } from './kinds.ts'

/** Which mails a person wants, among those that nobody needs. */
export interface MailChoices {
  /** A reminder the day before a class. */
  dayBefore: boolean
  /** A reminder the hour before a class. */
  hourBefore: boolean
  /** The activity of a class is ready. */
  activity: boolean
  newsletter: boolean
}

export const MAIL_CHOICES = ['dayBefore', 'hourBefore', 'activity', 'newsletter'] as const satisfies readonly (keyof MailChoices)[]
export type MailChoice = (typeof MAIL_CHOICES)[number]

type MailKind = NoticeKind | 'newsletter'

/** The choice that each dispensable kind of mail asks for; a kind that is not here is always sent. */
const CHOICE_OF: Readonly<Partial<Record<MailKind, MailChoice>>> = {
  'reminder-24h': 'dayBefore',
  'reminder-60min': 'hourBefore',
  'activity-ready': 'activity',
  'activity-reminder': 'activity',
  newsletter: 'newsletter',
}

/** Whether a mail of this kind may go to somebody who chose so: money, confirmations, changes and cancellations are no matter of choice. */
export function wantsMail(choices: MailChoices, kind: MailKind): boolean {
  const choice = choiceOf(kind)
  return choice === null || choices[choice]
}

/** The choice that ends mails of this kind; null for one that is always sent. */
export function choiceOf(kind: MailKind): MailChoice | null {
  return CHOICE_OF[kind] ?? null
}
