import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * Encrypts small secrets at rest with AES-256-GCM. The box names the key that sealed it, so that keys can be rotated:
 * the first key seals, every key opens. `context` (for example the row's id) is authenticated but not stored.
 */
export interface SecretBox {
  seal(plaintext: string, context: string): string
  /** Throws when the box was sealed with an unknown key, for another context, or was altered. */
  open(sealed: string, context: string): string
}

export function createSecretBox(secrets: readonly string[]): SecretBox {
  const keys = secrets.map((secret) => {
    const key = createHash('sha256').update(`secret-box:${secret}`).digest()
    return { id: createHash('sha256').update(key).digest('hex').slice(0, 8), key }
  })
  const [current] = keys
  if (!current) throw new Error('A secret box needs at least one key')
  return {
    seal(plaintext, context) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', current.key, nonce).setAAD(Buffer.from(context))
      const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()])
      return [current.id, nonce.toString('base64url'), cipher.getAuthTag().toString('base64url'), ciphertext.toString('base64url')].join(
        '.',
      )
    },
    open(sealed, context) {
      const [keyId, nonce, tag, ciphertext] = sealed.split('.')
      const entry = keys.find((candidate) => candidate.id === keyId)
      if (!entry || nonce === undefined || tag === undefined || ciphertext === undefined) throw new Error('Sealed secret cannot be opened')
      const decipher = createDecipheriv('aes-256-gcm', entry.key, Buffer.from(nonce, 'base64url'))
        .setAAD(Buffer.from(context))
        .setAuthTag(Buffer.from(tag, 'base64url'))
      return Buffer.concat([decipher.update(Buffer.from(ciphertext, 'base64url')), decipher.final()]).toString('utf8')
    },
  }
}

/** Keyed fingerprint of a bearer secret: what is stored instead of the secret itself. */
export function fingerprint(key: string, secret: string): string {
  return createHmac('sha256', key).update(secret).digest('hex')
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Compares two texts in a time that does not depend on where they differ. */
export function sameSecret(a: string, b: string): boolean {
  const left = createHash('sha256').update(a).digest()
  const right = createHash('sha256').update(b).digest()
  return timingSafeEqual(left, right)
}
