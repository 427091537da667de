import { and, eq, ne } from 'drizzle-orm'
import { z } from 'zod'
import { appUser, teacher } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { DAY_MS } from '../../kernel/clock.ts'
import { fingerprint, sameSecret } from '../../kernel/secret-box.ts'
import { findTeacher, type Teacher } from './store.ts'

const INVITATION_MS = 7 * DAY_MS
const Parts = z.tuple([z.uuid(), z.string().regex(/^\d{1,15}$/), z.string()])

/** The page of an invitation: its holder may begin the consent, and nothing else. */
export const INVITATION_PATH = '/profesores/conectar'

/**
 * Where a teacher who is no admin connects their own calendar. The address names the teacher and its end and is signed, so nothing has to be kept
 * of it. Whoever has it still needs that teacher's Google account: no other grant is stored.
 */
export function invitationUrl({ config, clock }: Pick<Deps, 'config' | 'clock'>, invited: Pick<Teacher, 'id' | 'email'>): string {
  const until = String(clock.now().getTime() + INVITATION_MS)
  return `${config.baseUrl}${INVITATION_PATH}?invitacion=${invited.id}.${until}.${signatureOf(config.authSecret, invited, until)}`
}

/** Whom an invitation is for; null when it was not made by us, is over, or was for an address that was changed since. */
export async function invitedBy(deps: Deps, token: string): Promise<Teacher | null> {
  const parts = Parts.safeParse(token.slice(0, 200).split('.'))
  if (!parts.success) return null
  const [id, until, signature] = parts.data
  if (Number(until) <= deps.clock.now().getTime()) return null
  const invited = await findTeacher(deps.db.handle, id)
  return invited && sameSecret(signature, signatureOf(deps.config.authSecret, invited, until)) ? invited : null
}

function signatureOf(authSecret: string, { id, email }: Pick<Teacher, 'id' | 'email'>, until: string): string {
  return fingerprint(authSecret, `teacher:${id}:${email}:${until}`)
}

/** Where a teacher who is no admin connects again, for a mail to them; null for everybody else, who have pages for that. */
export async function ownInvitation(deps: Deps, userId: string): Promise<string | null> {
  const [own] = await deps.db.handle
    .select({ id: teacher.id, email: teacher.email })
    .from(teacher)
    .innerJoin(appUser, eq(appUser.id, teacher.userId))
    .where(and(eq(teacher.userId, userId), ne(appUser.role, 'ADMIN')))
  return own ? invitationUrl(deps, own) : null
}
