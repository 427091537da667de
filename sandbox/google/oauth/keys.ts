import { createHash, createPrivateKey, createPublicKey, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { GoogleWorld } from '../world.ts'
import type { SigningKey } from './model.ts'

const KEYS_MAX = 5
/** As long as Google's. */
const KEY_BITS = 2_048

/** Each key as it signs: reading it takes longer than signing. */
const read = new WeakMap<SigningKey, KeyObject>()

/** The keys, newest first; the first one is made when it is first needed. */
export function signingKeys(world: GoogleWorld): SigningKey[] {
  if (world.state.keys.length === 0) rotateKey(world)
  return world.state.keys
}

/** Signs with a new key from now on. With `dropOld`, tokens signed before no longer verify. */
export function rotateKey(world: GoogleWorld, dropOld = false): SigningKey {
  const modulusLength = world.options.keyBits ?? KEY_BITS
  const privateJwk = generateKeyPairSync('rsa', { modulusLength }).privateKey.export({ format: 'jwk' })
  const kid = createHash('sha256').update(String(privateJwk.n)).digest('hex').slice(0, 40)
  const key = { kid, privateJwk }
  world.state.keys = [key, ...(dropOld ? [] : world.state.keys)].slice(0, KEYS_MAX)
  world.context.changed()
  return key
}

/** JSON Web Key Set, as served at `/oauth2/v3/certs`. */
export function publicJwks(world: GoogleWorld): { keys: JsonWebKey[] } {
  return {
    keys: signingKeys(world).map(
      ({ kid, privateJwk }) => ({ kid, use: 'sig', alg: 'RS256', kty: 'RSA', n: privateJwk.n, e: privateJwk.e }) as JsonWebKey,
    ),
  }
}

/** Key id to PEM, as served at `/oauth2/v1/certs` for clients that verify with PEM. */
export function publicPems(world: GoogleWorld): Record<string, string> {
  return Object.fromEntries(signingKeys(world).map(({ kid, privateJwk }) => [kid, publicPem(privateJwk)]))
}

/** A JSON Web Token signed with the newest key. */
export function signJwt(world: GoogleWorld, claims: Record<string, unknown>): string {
  const [key] = signingKeys(world)
  if (!key) throw new Error('unreachable: there is always a key')
  const signed = `${encode({ alg: 'RS256', kid: key.kid, typ: 'JWT' })}.${encode(claims)}`
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(keyObjectOf(key), 'base64url')}`
}

function keyObjectOf(key: SigningKey): KeyObject {
  const known = read.get(key) ?? createPrivateKey({ key: key.privateJwk, format: 'jwk' })
  read.set(key, known)
  return known
}

function publicPem(privateJwk: JsonWebKey): string {
  const { kty, n, e } = privateJwk
  return createPublicKey({ key: { kty, n, e } as JsonWebKey, format: 'jwk' })
    .export({ type: 'spki', format: 'pem' })
    .toString()
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
