import { and, eq, gt, isNull, lte, or } from 'drizzle-orm'
import { hotRead, type Later } from '../../db/hot-read.ts'
import { googleConnection } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { MINUTE_MS, plus } from '../../kernel/clock.ts'
import { type AccessTokens, RENEWAL_MS_MAX, type TokenTurn } from './provider.ts'

/** 15 seconds, longer than a renewal may take: whoever holds the lease and is silent for so long is gone. */
const LEASE_MS = RENEWAL_MS_MAX + 2_500
/** A token that ends within this is renewed before it is used. */
const SPARE_MS = MINUTE_MS

const readGrant = hotRead((handle, later: (name: 'grantId') => Later) =>
  handle
    .select()
    .from(googleConnection)
    .where(eq(googleConnection.id, later('grantId'))),
)

type Tools = Pick<Deps, 'db' | 'clock' | 'ids' | 'secrets'>

/** Access tokens in the row of their connection, sealed like the refresh token; the row also says who renews. */
export function createAccessTokens({ db, clock, ids, secrets }: Tools): AccessTokens {
  const held = (grantId: string, lease: string) => and(eq(googleConnection.id, grantId), eq(googleConnection.renewingId, lease))

  /** The stored token while it is good; null when there is none, or one that was sealed with a key that is gone. */
  function good(row: typeof googleConnection.$inferSelect, stale: string | null): Extract<TokenTurn, { state: 'good' }> | null {
    if (!row.sealedAccessToken || !row.accessExpiresAt || row.accessExpiresAt <= plus(clock.now(), SPARE_MS)) return null
    try {
      const token = secrets.open(row.sealedAccessToken, contextOf(row.id))
      return token === stale ? null : { state: 'good', token, expiresAt: row.accessExpiresAt }
    } catch {
      return null
    }
  }

  return {
    async take(grantId, stale) {
      const [row] = await readGrant(db.handle, { grantId })
      const lease = ids.uuid()
      // A grant that was just disconnected is still revoked with a token of its own.
      if (!row) return { state: 'renew', lease }
      const known = good(row, stale)
      if (known) return known
      const now = clock.now()
      const isFree = or(
        isNull(googleConnection.renewingUntil),
        lte(googleConnection.renewingUntil, now),
        // Written before the clock was moved back.
        gt(googleConnection.renewingUntil, plus(now, LEASE_MS)),
      )
      const leased = await db.handle
        .update(googleConnection)
        .set({ renewingId: lease, renewingUntil: plus(now, LEASE_MS) })
        .where(and(eq(googleConnection.id, grantId), isFree))
        .returning({ id: googleConnection.id })
      return leased.length > 0 ? { state: 'renew', lease } : { state: 'wait' }
    },

    async put(grantId, lease, { token, expiresAt }) {
      await db.handle
        .update(googleConnection)
        .set({
          sealedAccessToken: secrets.seal(token, contextOf(grantId)),
          accessExpiresAt: expiresAt,
          renewingId: null,
          renewingUntil: null,
        })
        .where(held(grantId, lease))
    },

    async release(grantId, lease) {
      await db.handle.update(googleConnection).set({ renewingId: null, renewingUntil: null }).where(held(grantId, lease))
    },
  }
}

/** One sealed text can never be opened in the place of the other. */
export function contextOf(grantId: string): string {
  return `${grantId}:access`
}
