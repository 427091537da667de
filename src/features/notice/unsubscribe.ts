import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import { fingerprint, sameSecret } from '../../kernel/secret-box.ts'
import { audit } from '../operation/attention.ts'
import { choiceOf, MAIL_CHOICES, type MailChoice } from './choices.ts'
import type { NoticeKind } from './kinds.ts'
import { endMails } from './store.ts'

/** What a signed address allows: to end mails of one sort for one person. */
export interface Unsubscription {
  userId: string
  choice: MailChoice
}

const Parts = z.tuple([z.uuid(), z.enum(MAIL_CHOICES), z.string()])

/**
 * Where a person ends mails like this one, without signing in; null for a kind that is always sent. The address names person and sort and is
 * signed; it does not expire, because a mail may be opened years later.
 */
export function unsubscribeUrl({ authSecret, baseUrl }: Deps['config'], userId: string, kind: NoticeKind): string | null {
  const choice = choiceOf(kind)
  if (!choice) return null
  return `${baseUrl}/mails/baja?t=${userId}.${choice}.${signatureOf(authSecret, { userId, choice })}`
}

/** What an address allows, or null when it was not made by us. */
export function readUnsubscription({ authSecret }: Deps['config'], token: string): Unsubscription | null {
  const parts = Parts.safeParse(token.slice(0, 200).split('.'))
  if (!parts.success) return null
  const [userId, choice, signature] = parts.data
  return sameSecret(signature, signatureOf(authSecret, { userId, choice })) ? { userId, choice } : null
}

function signatureOf(authSecret: string, { userId, choice }: Unsubscription): string {
  return fingerprint(authSecret, `unsubscribe:${userId}:${choice}`)
}

/** Ends mails of that sort. Repeating it changes nothing. */
export async function unsubscribe(deps: Deps, { userId, choice }: Unsubscription): Promise<void> {
  await deps.db.transaction(async (tx) => {
    if (!(await endMails(tx, userId, choice, deps.clock.now()))) return
    await audit(deps, tx, { actorId: userId, action: 'mails.end', subject: 'user', subjectId: userId, detail: { choice } })
  })
}
