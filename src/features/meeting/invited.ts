import { eq } from 'drizzle-orm'
import { teacher } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { accountOf } from '../identity/commands.ts'
import type { GoogleIdentity } from '../identity/provider.ts'
import { lockUserByIdentity } from '../identity/store.ts'
import { type ConnectRefusal, refuseGrant, storeGrant } from './connection.ts'

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
