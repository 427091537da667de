import { allowInsecureRequests, discovery, type ServerMetadata } from 'openid-client'
import { DAY_MS } from '../../kernel/clock.ts'

/** Of this machine's time. Endpoints change with months of notice. */
const READ_ANEW_AFTER_MS = DAY_MS

/** Google's endpoints, read from the issuer's discovery document, so that one address moves sign-in and token refresh together. */
export interface Discovery {
  /** Throws when the issuer cannot be read; the next call tries again. */
  metadata(): Promise<ServerMetadata>
}

export function createDiscovery(options: { issuerUrl: string; clientId: string; insecure: boolean; timeoutMs: number }): Discovery {
  let cached: Promise<ServerMetadata> | null = null
  let readAt = 0

  async function load(): Promise<ServerMetadata> {
    const configuration = await discovery(new URL(options.issuerUrl), options.clientId, undefined, undefined, {
      timeout: options.timeoutMs / 1_000,
      execute: options.insecure ? [allowInsecureRequests] : [],
    })
    return configuration.serverMetadata()
  }

  return {
    metadata() {
      if (performance.now() - readAt > READ_ANEW_AFTER_MS) cached = null
      if (!cached) readAt = performance.now()
      cached ??= load().catch((error: unknown) => {
        cached = null
        throw error
      })
      return cached
    },
  }
}
