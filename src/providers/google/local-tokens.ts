import { randomUUID } from 'node:crypto'
import type { AccessToken, AccessTokens } from '../../features/meeting/provider.ts'
import type { Clock } from '../../kernel/clock.ts'
import { MINUTE_MS, plus } from '../../kernel/clock.ts'

/** Access tokens of one process, for whoever shares them with nobody. */
export function createLocalTokens(clock: Clock): AccessTokens {
  const tokens = new Map<string, AccessToken>()
  return {
    async take(grantId, stale) {
      const known = tokens.get(grantId)
      const isGood = known && known.token !== stale && known.expiresAt > plus(clock.now(), MINUTE_MS)
      return isGood ? { state: 'good', ...known } : { state: 'renew', lease: randomUUID() }
    },
    async put(grantId, _lease, renewed) {
      tokens.set(grantId, renewed)
    },
    async release() {},
  }
}
