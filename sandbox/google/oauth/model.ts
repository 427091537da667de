/** What an account allowed the application to do. There is one OAuth client, so a grant is kept per account. */
export interface Grant {
  scopes: string[]
  /** The account allowed offline access, so a refresh token was issued once. */
  offline: boolean
}

/** A visit to the authorization page that waits for the person. */
export interface AuthorizationRequest {
  id: string
  expiresAt: number
  redirectUri: string
  scopes: string[]
  state: string | null
  nonce: string | null
  codeChallenge: string | null
  codeChallengeMethod: 'S256' | 'plain'
  offline: boolean
  includeGranted: boolean
  forceConsent: boolean
  loginHint: string | null
  sub: string | null
}

export interface AuthorizationCode {
  sub: string
  expiresAt: number
  used: boolean
  redirectUri: string
  scopes: string[]
  nonce: string | null
  codeChallenge: string | null
  codeChallengeMethod: 'S256' | 'plain'
  /** A refresh token comes with this code. */
  withRefreshToken: boolean
}

export interface RefreshToken {
  token: string
  sub: string
  scopes: string[]
  issuedAt: number
  lastUsedAt: number
  /** Only set while the consent screen is in testing and the scopes go beyond identity. */
  expiresAt: number | null
}

export interface AccessToken {
  sub: string
  scopes: string[]
  expiresAt: number
  offline: boolean
}

export interface OauthState {
  grants: Record<string, Grant>
  requests: Record<string, AuthorizationRequest>
  codes: Record<string, AuthorizationCode>
  /** Oldest first. */
  refreshTokens: RefreshToken[]
  accessTokens: Record<string, AccessToken>
}

/** A signing key of the issuer. The newest signs; the older ones stay published until they are dropped. */
export interface SigningKey {
  kid: string
  privateJwk: JsonWebKey
}
