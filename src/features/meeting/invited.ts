import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { teacher } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { DAY_MS } from '../../kernel/clock.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { fingerprint, sameSecret } from '../../kernel/secret-box.ts'
import { findTeacher, type Teacher } from '../academy/store.ts'
import { accountOf } from '../identity/commands.ts'
import type { GoogleIdentity } from '../identity/provider.ts'
import { lockUserByIdentity } from '../identity/store.ts'
import { type ConnectRefusal, refuseGrant, storeGrant } from './connection.ts'

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

/**
 * Stores the grant of a teacher who was invited, if it is theirs: given by the account of their address, or by the one that proved to own it
 * before. That account becomes one of ours, so that they can be written to when Google takes the grant back.
 */
export async function connectInvited(
  deps: Deps,
  teacherId: string,
  identity: GoogleIdentity,
): Promise<Outcome<{ teacherId: string }, ConnectRefusal>> {
  const reason = refuseGrant(identity)
  if (reason) return refuse(reason)
  return deps.db.transaction(async (tx): Promise<Outcome<{ teacherId: string }, ConnectRefusal>> => {
    const [invited] = await tx.select({ email: teacher.email, userId: teacher.userId }).from(teacher).where(eq(teacher.id, teacherId))
    if (!invited || (invited.userId === null && invited.email !== identity.email)) return refuse('not-teacher')
    const account = invited.userId ? await lockUserByIdentity(tx, 'google', identity.subject) : await accountOf(deps, tx, identity)
    const [tied] = await tx.select({ userId: teacher.userId }).from(teacher).where(eq(teacher.id, teacherId))
    if (!account || tied?.userId !== account.id) return refuse('not-teacher')
    await storeGrant(deps, tx, teacherId, account.id, identity)
    return succeed({ teacherId })
  })
}
