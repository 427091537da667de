import PostalMime, { type Address, type Attachment as ParsedAttachment } from 'postal-mime'

export interface Attachment {
  filename: string
  mimeType: string
  /** For example "REQUEST" of a calendar invitation. */
  method?: string
  bytes: number
  contentBase64: string
}

export interface Mail {
  id: number
  /** Instant of the virtual clock, ISO 8601. */
  receivedAt: string
  envelope: { from: string; to: string[] }
  from: string
  to: string[]
  cc: string[]
  replyTo: string[]
  subject: string
  text: string
  html: string
  headers: { name: string; value: string }[]
  attachments: Attachment[]
  /** Bytes of the message as received. */
  size: number
}

const HEADERS_KEPT = 100

/** Takes a message apart. One that cannot be parsed is kept with its raw text, so that nothing vanishes. */
export async function parseMail(
  raw: Uint8Array,
  received: { id: number; receivedAt: Date; envelope: { from: string; to: string[] } },
): Promise<Mail> {
  const envelope = { from: received.envelope.from.toLowerCase(), to: received.envelope.to.map((address) => address.toLowerCase()) }
  const base = { id: received.id, receivedAt: received.receivedAt.toISOString(), envelope, size: raw.byteLength }
  const parsed = await PostalMime.parse(raw, { attachmentEncoding: 'base64', maxNestingDepth: 32 }).catch(() => undefined)
  if (!parsed) {
    const text = new TextDecoder().decode(raw)
    return {
      ...base,
      from: envelope.from,
      to: envelope.to,
      cc: [],
      replyTo: [],
      subject: '(mensaje ilegible)',
      text,
      html: '',
      headers: [],
      attachments: [],
    }
  }
  return {
    ...base,
    from: written(parsed.from ? [parsed.from] : [])[0] ?? envelope.from,
    to: written(parsed.to),
    cc: written(parsed.cc),
    replyTo: written(parsed.replyTo),
    subject: parsed.subject ?? '',
    text: parsed.text ?? '',
    html: parsed.html ?? '',
    headers: parsed.headers.slice(0, HEADERS_KEPT).map((header) => ({ name: header.originalKey, value: header.value })),
    attachments: parsed.attachments.map(readAttachment),
  }
}

function written(addresses: Address[] | undefined): string[] {
  return (addresses ?? [])
    .flatMap((address) => (address.group ? address.group : [address]))
    .map(({ name, address }) => (name ? `${name} <${address}>` : (address ?? '')))
}

function readAttachment(attachment: ParsedAttachment, index: number): Attachment {
  const contentBase64 =
    typeof attachment.content === 'string' ? attachment.content : Buffer.from(attachment.content as ArrayBuffer).toString('base64')
  return {
    filename: attachment.filename ?? `adjunto-${index + 1}`,
    mimeType: attachment.mimeType,
    ...(attachment.method && { method: attachment.method }),
    bytes: Buffer.byteLength(contentBase64, 'base64'),
    contentBase64,
  }
}
