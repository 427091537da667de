/** What a process was told when it asked for a refund under one key. */
type Told = { is: 'nothing' } | { is: 'refused' } | { is: 'taken'; refundId: number }

/**
 * Watches the keys under which refunds of each payment are asked for. Another key is right only once the one before it can become no money any
 * more: it was refused, or the provider took it and it came to nothing.
 */
export interface RefundKeys {
  /** A request is on its way. `rejected`: the refunds of this payment that came to nothing. */
  ask(paymentId: string, key: string, rejected: readonly number[]): void
  /** An answer has reached the process that asked. */
  hear(paymentId: string, key: string, status: number, body: unknown): void
  /** Keys that came too early. */
  readonly breaches: string[]
  clear(): void
}

/** Answers about who asks, about the moment or about another request under way: they say nothing about the refund itself. */
const NO_REFUSAL = [401, 403, 408, 409, 423, 424, 429]

export function watchRefundKeys(): RefundKeys {
  const payments = new Map<string, Map<string, Told>>()
  const breaches: string[] = []
  return {
    breaches,
    ask(paymentId, key, rejected) {
      const keys = payments.get(paymentId) ?? new Map<string, Told>()
      payments.set(paymentId, keys)
      if (keys.has(key)) return
      const open = [...keys.values()].filter((told) => told.is === 'nothing' || (told.is === 'taken' && !rejected.includes(told.refundId)))
      if (open.length > 0)
        breaches.push(`refund-key: a refund of payment ${paymentId} was asked for under key ${keys.size + 1} while another may be made`)
      keys.set(key, { is: 'nothing' })
    },
    hear(paymentId, key, status, body) {
      const keys = payments.get(paymentId)
      // Refused once, and made when it was repeated: the last word counts, unless it says nothing.
      if (status === 201 && isNumbered(body)) keys?.set(key, { is: 'taken', refundId: body.id })
      else if (status >= 400 && status < 500 && !NO_REFUSAL.includes(status) && keys?.get(key)?.is !== 'taken')
        keys?.set(key, { is: 'refused' })
    },
    clear() {
      payments.clear()
      breaches.length = 0
    },
  }
}

const isNumbered = (body: unknown): body is { id: number } =>
  typeof body === 'object' && body !== null && 'id' in body && typeof body.id === 'number'
