import { allowInsecureRequests, discovery, type ServerMetadata } from 'openid-client'

/** Google's endpoints, read from the issuer's discovery document, so that one address moves sign-in and token refresh together. */
export interface Discovery {
  /** Throws when the issuer cannot be read; the next call tries again. */
  metadata(): Promise<ServerMetadata>
}

export function createDiscovery(options: { issuerUrl: string; clientId: string; insecure: boolean; timeoutMs: number }): Discovery {
  let cached: Promise<ServerMetadata> | null = null

  async function load(): Promise<ServerMetadata> {
    const configuration = await discovery(new URL(options.issuerUrl), options.clientId, undefined, undefined, {
      timeout: options.timeoutMs / 1_000,
      execute: options.insecure ? [allowInsecureRequests] : [],
    })
    return configuration.serverMetadata()
  }

  return {
    metadata() {
      cached ??= load().catch((error: unknown) => {
        cached = null
        throw error
      })
      return cached
    },
  }
}
