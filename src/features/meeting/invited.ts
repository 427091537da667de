import { eq } from 'drizzle-orm'
import { violates } from '../../db/client.ts'
import { teacher } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { accountOf, EMAIL_UNIQUE } from '../identity/commands.ts'
import type { GoogleIdentity } from '../identity/provider.ts'
import { lockUserByIdentity } from '../identity/store.ts'
import { type ConnectRefusal, refuseGrant, storeGrant } from './connection.ts'

/** `email-taken`: the address belongs to another Google account here. `other-teacher`: the account gives classes under another address. */
export type InvitedRefusal = ConnectRefusal | 'email-taken' | 'other-teacher'
type Connected = Outcome<{ teacherId: string }, InvitedRefusal>

/**
 * Stores the grant of a teacher who was invited, if it is theirs: given by the account of their address, or by the one that proved to own it
 * before. That account becomes one of ours, so that they can be written to when Google takes the grant back.
 */
export async function connectInvited(deps: Deps, teacherId: string, identity: GoogleIdentity): Promise<Connected> {
  const reason = refuseGrant(identity)
  if (reason) return refuse(reason)
  try {
    return await storeInvited(deps, teacherId, identity)
  } catch (error) {
    // The same person signed in for the first time at the same moment, and was quicker: the account is there by now.
    if (!violates(error, EMAIL_UNIQUE)) throw error
    return storeInvited(deps, teacherId, identity)
  }
}

async function storeInvited(deps: Deps, teacherId: string, identity: GoogleIdentity): Promise<Connected> {
  return deps.db.transaction(async (tx): Promise<Connected> => {
    const [invited] = await tx.select({ email: teacher.email, userId: teacher.userId }).from(teacher).where(eq(teacher.id, teacherId))
    if (!invited || (invited.userId === null && invited.email !== identity.email)) return refuse('not-teacher')
    const account = invited.userId ? await lockUserByIdentity(tx, 'google', identity.subject) : await accountOf(deps, tx, identity)
    if (!account) return refuse(invited.userId ? 'not-teacher' : 'email-taken')
    const [tied] = await tx.select({ userId: teacher.userId }).from(teacher).where(eq(teacher.id, teacherId))
    if (tied?.userId !== account.id) return refuse(tied?.userId === null ? 'other-teacher' : 'not-teacher')
    await storeGrant(deps, tx, teacherId, account.id, identity)
    return succeed({ teacherId })
  })
}
