import { and, eq } from 'drizzle-orm'
import { googleConnection } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { contextOf } from './access-tokens.ts'

/**
 * Seals every stored grant anew with the first key, so that the keys behind it can be dropped. Harmless to repeat and beside a running
 * product: a grant that changes meanwhile was sealed with the first key by whoever changed it. `unreadable`: sealed with a key that is not
 * configured; only connecting again helps.
 */
export async function resealGrants({ db, secrets }: Pick<Deps, 'db' | 'secrets'>): Promise<{ resealed: number; unreadable: number }> {
  let resealed = 0
  let unreadable = 0
  for (const { id, sealedRefreshToken, sealedAccessToken } of await db.handle.select().from(googleConnection)) {
    const refresh = sealedAgain(sealedRefreshToken, id)
    if (refresh === null) {
      unreadable += 1
      continue
    }
    await db.handle
      .update(googleConnection)
      // An access token that cannot be opened is only renewed earlier.
      .set({ sealedRefreshToken: refresh, sealedAccessToken: sealedAccessToken && sealedAgain(sealedAccessToken, contextOf(id)) })
      .where(and(eq(googleConnection.id, id), eq(googleConnection.sealedRefreshToken, sealedRefreshToken)))
    resealed += 1
  }
  return { resealed, unreadable }

  function sealedAgain(sealed: string, context: string): string | null {
    try {
      return secrets.seal(secrets.open(sealed, context), context)
    } catch {
      return null
    }
  }
}
