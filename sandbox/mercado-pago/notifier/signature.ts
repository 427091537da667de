import { createHmac } from 'node:crypto'

/** What a Webhook signature covers. An absent part is left out together with its label. */
export interface Signed {
  dataId?: string | undefined
  requestId?: string | undefined
  ts: string
}

function manifest({ dataId, requestId, ts }: Signed): string {
  return `${dataId ? `id:${dataId};` : ''}${requestId ? `request-id:${requestId};` : ''}ts:${ts};`
}

/** HMAC-SHA256 of the manifest, lower-case hex. */
export const sign = (secret: string, signed: Signed): string => createHmac('sha256', secret).update(manifest(signed)).digest('hex')

export const signatureHeader = (secret: string, signed: Signed): string => `ts=${signed.ts},v1=${sign(secret, signed)}`
