import type { PartContext } from '../kernel/parts.ts'
import { createNumbering, type Numbering } from './ids.ts'
import { type NextPayment, type RefundRefusal, Settings } from './settings.ts'
import type { Json } from './wire.ts'

/** Instants inside the state are ISO texts in UTC; amounts are pesos with at most 2 decimals, as on the wire. */
export interface Preference {
  id: string
  createdAt: string
  updatedAt: string | null
  /** The request as validated; updates are merged into it. */
  body: Json
}

export interface Refund {
  id: number
  amount: number
  status: 'approved' | 'in_process' | 'rejected'
  createdAt: string
  /** Made in the provider's own panel, not asked for by whoever's application it is. Not on the wire. */
  byHand: boolean
}

export interface Card {
  firstSix: string
  lastFour: string
  month: number
  year: number
  holder: string
  dni: string
}

export interface Payment {
  id: number
  orderId: number
  preferenceId: string
  /** One rendering of the checkout form; the same one never pays twice. */
  attempt: string | null
  status: string
  statusDetail: string
  amount: number
  currency: string
  collectorId: number
  externalReference: string | null
  methodId: string
  installments: number
  card: Card | null
  payerEmail: string
  createdAt: string
  approvedAt: string | null
  updatedAt: string
  /** Since when all of it is away, given back or taken by the bank; null while it is not. Not on the wire. */
  goneAt: string | null
  /** When an unpaid payment dies. */
  expiresAt: string | null
  /** Metadata of the preference at the time of the payment, plus what an update merged. */
  metadata: Json
  refunds: Refund[]
  /** Reads that still answer 404. */
  hiddenReads: number
}

export interface Order {
  id: number
  preferenceId: string
  total: number
  externalReference: string | null
  paymentIds: number[]
  /** Approved payments covered the total at least once. */
  closed: boolean
  cancelled: boolean
  createdAt: string
  updatedAt: string
}

export interface Chargeback {
  id: string
  paymentId: number
  amount: number
  currency: string
  coverageApplied: boolean | null
  createdAt: string
  updatedAt: string
}

export interface DeliveryTry {
  at: string
  requestId: string
  url: string
  headers: Record<string, string>
  body: string
  /** null while there is no answer (refused connection, time-out). */
  status: number | null
  error: string | null
}

export type NotificationTopic = 'payment' | 'merchant_order' | 'chargeback'

export interface Notification {
  id: number
  format: 'webhook' | 'ipn'
  topic: NotificationTopic
  resourceId: string
  action: string
  /** What the body says beside the id, fixed when the event happened. */
  facts: Json
  url: string
  /** Shared by the notifications of one event, on their first try only. */
  eventRequestId: string
  state: 'pending' | 'delivered' | 'exhausted' | 'dropped'
  createdAt: string
  dueAt: string
  firstTriedAt: string | null
  /** Tries of the retry ladder so far; replays by hand do not count. */
  rung: number
  tries: DeliveryTry[]
}

export interface StoredReply {
  key: string
  bodyHash: string
  status: number
  reply: unknown
}

export interface State {
  numbering: Numbering
  settings: Settings
  nextPayment: NextPayment | null
  refundRefusal: RefundRefusal | null
  preferences: Map<string, Preference>
  payments: Map<number, Payment>
  orders: Map<number, Order>
  chargebacks: Map<string, Chargeback>
  notifications: Map<number, Notification>
  replies: Map<string, StoredReply>
}

export interface Account {
  accessToken: string
  webhookSecret: string
  collectorId: number
}

/** Everything a function of this part may touch. */
export interface World {
  readonly context: PartContext
  readonly account: Account
  readonly origin: string
  state: State
  now(): Date
  /** Virtual now, ISO in UTC. */
  stamp(): string
}

/** Each collection keeps this many entries and forgets the oldest. */
const KEPT = 5_000

export function keep<K, V>(collection: Map<K, V>, key: K, value: V): V {
  collection.set(key, value)
  if (collection.size > KEPT) {
    const [oldest] = collection.keys()
    if (oldest !== undefined) collection.delete(oldest)
  }
  return value
}

export function createWorld(context: PartContext, account: Account): World {
  return {
    context,
    account,
    origin: context.origin,
    state: emptyState(context.clock.now()),
    now: () => context.clock.now(),
    stamp: () => context.clock.now().toISOString(),
  }
}

export function emptyState(now: Date): State {
  return {
    numbering: createNumbering(now),
    settings: Settings.parse({}),
    nextPayment: null,
    refundRefusal: null,
    preferences: new Map(),
    payments: new Map(),
    orders: new Map(),
    chargebacks: new Map(),
    notifications: new Map(),
    replies: new Map(),
  }
}

const VERSION = 1

export function toSnapshot(state: State) {
  return structuredClone({
    version: VERSION,
    numbering: state.numbering,
    settings: state.settings,
    nextPayment: state.nextPayment,
    refundRefusal: state.refundRefusal,
    preferences: [...state.preferences.values()],
    payments: [...state.payments.values()],
    orders: [...state.orders.values()],
    chargebacks: [...state.chargebacks.values()],
    notifications: [...state.notifications.values()],
    replies: [...state.replies.values()],
  })
}

export type Snapshot = ReturnType<typeof toSnapshot>

/** Reads what `toSnapshot` wrote. Throws on anything else, so that the hub starts fresh. */
export function fromSnapshot(snapshot: unknown): State {
  const saved = snapshot as Snapshot | null
  if (saved?.version !== VERSION) throw new Error('This is not a snapshot of the Mercado Pago sandbox.')
  const copy = structuredClone(saved)
  return {
    numbering: copy.numbering,
    settings: Settings.parse(copy.settings),
    nextPayment: copy.nextPayment,
    refundRefusal: copy.refundRefusal,
    preferences: new Map(copy.preferences.map((entry) => [entry.id, entry])),
    payments: new Map(copy.payments.map((entry) => [entry.id, entry])),
    orders: new Map(copy.orders.map((entry) => [entry.id, entry])),
    chargebacks: new Map(copy.chargebacks.map((entry) => [entry.id, entry])),
    notifications: new Map(copy.notifications.map((entry) => [entry.id, entry])),
    replies: new Map(copy.replies.map((entry) => [entry.key, entry])),
  }
}
