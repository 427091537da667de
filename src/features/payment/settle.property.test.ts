import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS, plus } from '../../kernel/clock.ts'
import { type ClassStep, type SettledClass, type SettledOrder, type SettledPayment, settle } from './rules.ts'

const START = new Date('2026-11-23T12:00:00Z')
const COLLECTOR = '2115257370'
const PRICE = 1_500_000
const ORDER: SettledOrder = { id: 'order', status: 'pending', amountCentavos: PRICE, expiresAt: plus(START, 20 * MINUTE_MS) }

/** One payment as the provider tells it at some moment. */
interface View extends Omit<SettledPayment, 'role'> {
  seq: number
}

/** What the application remembers of one order: the rows that `reconcileOrder` writes, in plain values. */
class Book {
  order: SettledOrder = { ...ORDER }
  bookedClass: SettledClass | null
  payments = new Map<string, SettledPayment & { seq: number }>()
  refunds = new Map<string, { amount: number; paid: number }>()
  cases = new Set<string>()
  slotFree: boolean

  constructor(bookedClass: SettledClass | null, slotFree: boolean) {
    this.bookedClass = bookedClass && { ...bookedClass }
    this.slotFree = slotFree
  }

  /** Writes views down, newer over older, decides, and carries the decision out. */
  deliver(views: readonly View[], now: Date) {
    for (const view of views) {
      const known = this.payments.get(view.id)
      if (known && known.seq > view.seq) continue
      const refundedCentavos = Math.max(known?.refundedCentavos ?? 0, view.refundedCentavos)
      this.payments.set(view.id, { ...view, refundedCentavos, approvedAt: known?.approvedAt ?? view.approvedAt, role: known?.role ?? null })
    }
    const settlement = this.decide(now)
    const placed = this.move(settlement.classStep, now)
    for (const { paymentId, role } of settlement.roles) {
      this.row(paymentId).role = role
      this.cases.delete(`${paymentId}:amount_mismatch`)
    }
    const unplaced = placed ? [] : settlement.roles.filter(({ role }) => role === 'primary').map(({ paymentId }) => this.row(paymentId))
    const refunds = [
      ...settlement.refunds,
      ...unplaced.filter(({ status }) => status === 'approved').map((row) => ({ paymentId: row.id, amount: left(row) })),
    ]
    for (const { paymentId, amount } of refunds) {
      if (!this.refunds.has(paymentId)) this.refunds.set(paymentId, { amount, paid: left(this.row(paymentId)) })
    }
    for (const { subjectId, reason } of settlement.cases) this.cases.add(`${subjectId}:${reason}`)
    this.order = { ...this.order, status: settlement.status }
    return settlement
  }

  decide(now: Date) {
    const { order, bookedClass } = this
    const leaving = new Set(this.refunds.keys())
    return settle({ order, bookedClass, payments: [...this.payments.values()], leaving, collectorId: COLLECTOR, now })
  }

  row(id: string): SettledPayment {
    const row = this.payments.get(id)
    if (!row) throw new Error(`No payment ${id}`)
    return row
  }

  private move(step: ClassStep, now: Date): boolean {
    const c = this.bookedClass
    if (!c) return true
    const paid = { paidAt: now, holdExpiresAt: null }
    if (step.step === 'confirm') Object.assign(c, paid)
    if (step.step === 'revive' && this.slotFree) Object.assign(c, paid, { status: 'pending', cancelReason: null })
    if (step.step === 'release' || step.step === 'cancel')
      Object.assign(c, { status: 'cancelled', cancelReason: step.reason, holdExpiresAt: null })
    return step.step !== 'revive' || this.slotFree
  }

  /** What has become of the money of one payment that is still with us. */
  answersFor(row: SettledPayment, now: Date): { place: boolean; refund: boolean; case: boolean } {
    const c = this.bookedClass
    const waits = c === null && now < ORDER.expiresAt
    const givesClass = c !== null && (c.status !== 'cancelled' || (c.paidAt !== null && c.cancelReason !== 'payment_refunded'))
    return {
      place: row.role === 'primary' && (waits || givesClass) && !this.refunds.has(row.id),
      refund: this.refunds.has(row.id),
      case: [...this.cases].some((open) => open.startsWith(`${row.id}:`) || (row.role === 'primary' && open.startsWith('order:'))),
    }
  }

  moneyWithUs(): SettledPayment[] {
    return [...this.payments.values()].filter((row) => row.status === 'approved' && left(row) > 0)
  }
}

const left = (row: Pick<SettledPayment, 'amountCentavos' | 'refundedCentavos'>) => (row.amountCentavos ?? 0) - row.refundedCentavos

type Event = { kind: 'reject' | 'approve' | 'return' | 'return-part' | 'charge-back'; payment: number } | { kind: 'open'; payment: View }

/** The provider: a list of what happened, each thing possible in the state that the things before it left. */
function happenings(events: readonly Event[]): View[][] {
  const payments: View[] = []
  const history: View[][] = []
  for (const [index, event] of events.entries()) {
    const at = plus(START, (index + 1) * 1_000)
    if (event.kind === 'open') {
      const paid = event.payment.status === 'approved'
      payments.push({ ...event.payment, id: String(payments.length + 1), seq: index, approvedAt: paid ? at : null })
    } else {
      const position = event.payment % Math.max(payments.length, 1)
      const current = payments[position]
      const next = current && transition(current, event.kind, at)
      if (next) payments[position] = { ...next, seq: index }
    }
    history.push(payments.map((payment) => ({ ...payment })))
  }
  return history
}

function transition(view: View, kind: Event['kind'], at: Date): View | null {
  const open = view.status === 'pending'
  const paid = view.status === 'approved'
  if (kind === 'reject' && open) return { ...view, status: 'rejected' }
  if (kind === 'approve' && open) return { ...view, status: 'approved', approvedAt: at }
  if (kind === 'return' && paid) return { ...view, status: 'refunded', refundedCentavos: view.amountCentavos ?? 0 }
  if (kind === 'return-part' && paid && left(view) > 100_000) return { ...view, refundedCentavos: view.refundedCentavos + 100_000 }
  if (kind === 'charge-back' && paid) return { ...view, status: 'charged_back' }
  return null
}

const isPart = (event: Event) => event.kind === 'open' && (event.payment.amountCentavos ?? PRICE) < PRICE

const amounts = fc.constantFrom<number | null>(PRICE, PRICE, PRICE, PRICE / 2, PRICE / 2, 500_000, PRICE + 1, null)
const views = (odd: boolean): fc.Arbitrary<View> =>
  fc.record({
    id: fc.constant(''),
    seq: fc.constant(0),
    status: fc.constantFrom('pending', 'approved', 'approved', 'rejected'),
    amountCentavos: amounts,
    refundedCentavos: fc.constant(0),
    currency: odd ? fc.constantFrom('ARS', 'ARS', 'ARS', 'USD') : fc.constant('ARS'),
    collectorId: odd ? fc.constantFrom(COLLECTOR, COLLECTOR, COLLECTOR, '7') : fc.constant(COLLECTOR),
    externalReference: odd ? fc.constantFrom<string | null>('order', 'order', null, 'other') : fc.constant('order'),
    operationType: odd ? fc.constantFrom('regular_payment', 'regular_payment', 'money_transfer') : fc.constant('regular_payment'),
    approvedAt: fc.constant(null),
  })

const eventsOf = (kinds: Exclude<Event['kind'], 'open'>[], odd = false): fc.Arbitrary<Event[]> =>
  fc.array(
    fc.oneof(
      views(odd).map((payment): Event => ({ kind: 'open', payment })),
      fc.record({ kind: fc.constantFrom(...kinds), payment: fc.nat(5) }) as fc.Arbitrary<Event>,
    ),
    { minLength: 1, maxLength: 9 },
  )

const NO_DISPUTES: Exclude<Event['kind'], 'open'>[] = ['reject', 'approve', 'return', 'return-part']
const ANYTHING: Exclude<Event['kind'], 'open'>[] = [...NO_DISPUTES, 'charge-back']

const hold: SettledClass = {
  status: 'pending',
  cancelReason: null,
  holdExpiresAt: ORDER.expiresAt,
  paidAt: null,
  startsAt: plus(START, 5 * HOUR_MS),
  refundOwed: false,
}
const classes: fc.Arbitrary<SettledClass | null> = fc.constantFrom<SettledClass | null>(
  hold,
  hold,
  null,
  { ...hold, status: 'cancelled', cancelReason: 'hold_expired', holdExpiresAt: null },
  { ...hold, status: 'cancelled', cancelReason: 'host_cancelled', holdExpiresAt: null },
  { ...hold, startsAt: plus(START, 40 * MINUTE_MS), status: 'cancelled', cancelReason: 'payment_rejected', holdExpiresAt: null },
)
/** Inside the hold, at its end, and when the class has begun. */
const instants = fc.constantFrom(plus(START, MINUTE_MS), ORDER.expiresAt, plus(START, 6 * HOUR_MS))
const beforeTheClass = fc.constantFrom(plus(START, MINUTE_MS), ORDER.expiresAt)
const RUNS = { numRuns: 1_500 }

/** The final word of the provider, after which everything that could be delivered has been delivered. */
function finish(book: Book, history: readonly View[][], now: Date): void {
  book.deliver(history.at(-1) ?? [], now)
}

describe('settle, whatever happens', () => {
  it('every approved peso is a class, a refund or a case, and never two of them (invariant 5)', () => {
    fc.assert(
      fc.property(eventsOf(NO_DISPUTES, true), classes, fc.boolean(), instants, (events, bookedClass, slotFree, now) => {
        const book = new Book(bookedClass, slotFree)
        for (const views of happenings(events)) {
          book.deliver(views, now)
          for (const row of book.moneyWithUs()) {
            const answers = Object.values(book.answersFor(row, now)).filter(Boolean)
            if (row.amountCentavos !== 0)
              expect(answers, JSON.stringify({ row, refunds: [...book.refunds], cases: [...book.cases] })).toHaveLength(1)
          }
        }
      }),
      RUNS,
    )
  })

  it('with disputes, too, no approved peso is silent, and none is a class and a refund at once', () => {
    fc.assert(
      fc.property(eventsOf(ANYTHING, true), classes, fc.boolean(), instants, (events, bookedClass, slotFree, now) => {
        const book = new Book(bookedClass, slotFree)
        for (const views of happenings(events)) {
          book.deliver(views, now)
          for (const row of book.moneyWithUs()) {
            const answers = book.answersFor(row, now)
            expect(answers.place || answers.refund || answers.case).toBe(true)
            expect(answers.place && answers.refund).toBe(false)
          }
        }
      }),
      RUNS,
    )
  })

  it('asking again with the same facts changes nothing (idempotent)', () => {
    fc.assert(
      fc.property(eventsOf(ANYTHING, true), classes, fc.boolean(), instants, (events, bookedClass, slotFree, now) => {
        const book = new Book(bookedClass, slotFree)
        const history = happenings(events)
        finish(book, history, now)
        const before = JSON.stringify([
          book.order,
          book.bookedClass,
          [...book.payments.values()],
          [...book.refunds],
          [...book.cases].sort(),
        ])
        const again = book.deliver(history.at(-1) ?? [], now)
        expect(again.refunds.filter(({ paymentId }) => !book.refunds.has(paymentId))).toEqual([])
        expect(JSON.stringify([book.order, book.bookedClass, [...book.payments.values()], [...book.refunds], [...book.cases].sort()])).toBe(
          before,
        )
      }),
      RUNS,
    )
  })

  it('notifications that are lost, repeated or late end like those that come once and in order (invariant 9)', () => {
    const schedule = fc.array(fc.nat(20), { maxLength: 12 })
    const outcome = (book: Book) => ({
      order: book.order.status,
      class: book.bookedClass?.status ?? null,
      paid: [...book.payments.values()].filter(({ role }) => role === 'primary').map(({ id }) => id),
      gone: [...book.payments.values()].filter((row) => book.refunds.has(row.id) && row.status === 'approved').map(({ id }) => id),
    })
    fc.assert(
      fc.property(eventsOf(ANYTHING), classes, fc.boolean(), beforeTheClass, schedule, (events, bookedClass, slotFree, now, picks) => {
        // A hold that nobody released because nobody looked is still valid, one that was released may have lost its slot: that is time, not order.
        fc.pre(slotFree || now < ORDER.expiresAt || bookedClass?.status !== 'pending')
        // One part charged back: a person decides, and what was asked for before that stays asked for.
        fc.pre(!events.some(({ kind }) => kind === 'charge-back') || !events.some(isPart))
        const history = happenings(events)
        const inOrder = new Book(bookedClass, slotFree)
        for (const views of history) inOrder.deliver(views, now)
        const mixed = new Book(bookedClass, slotFree)
        // A notification is a doorbell: whoever answers it sees the present, which only moves on.
        for (const pick of picks.map((pick) => pick % history.length).sort((a, b) => a - b)) mixed.deliver(history[pick] ?? [], now)
        finish(mixed, history, now)
        expect(outcome(mixed)).toEqual(outcome(inOrder))
      }),
      RUNS,
    )
  })

  it('old views that arrive late change nothing (W21)', () => {
    fc.assert(
      fc.property(
        eventsOf(ANYTHING),
        classes,
        fc.boolean(),
        instants,
        fc.array(fc.nat(20)),
        (events, bookedClass, slotFree, now, picks) => {
          const history = happenings(events)
          const book = new Book(bookedClass, slotFree)
          finish(book, history, now)
          const before = JSON.stringify([book.order, book.bookedClass, [...book.payments.values()], [...book.refunds]])
          for (const pick of picks) book.deliver(history[pick % history.length] ?? [], now)
          expect(JSON.stringify([book.order, book.bookedClass, [...book.payments.values()], [...book.refunds]])).toBe(before)
        },
      ),
      RUNS,
    )
  })

  it('an approved order never goes back to pending or rejected (invariant 11)', () => {
    const chaos = fc.array(fc.record({ view: views(true), id: fc.nat(3), seq: fc.nat(9), status: STATUSES }), { maxLength: 12 })
    fc.assert(
      fc.property(chaos, classes, instants, (steps, bookedClass, now) => {
        const book = new Book(bookedClass, true)
        let seen = false
        for (const { view, id, seq, status } of steps) {
          const refundedCentavos = status === 'refunded' ? (view.amountCentavos ?? 0) : 0
          book.deliver([{ ...view, id: String(id), seq, status, refundedCentavos, approvedAt: START }], now)
          const paid = book.order.status === 'approved' || book.order.status === 'refunded'
          if (seen) expect(paid).toBe(true)
          seen ||= paid
        }
      }),
      RUNS,
    )
  })

  it('what is given back never exceeds what was paid, once per payment (invariant 12)', () => {
    fc.assert(
      fc.property(eventsOf(ANYTHING, true), classes, fc.boolean(), instants, (events, bookedClass, slotFree, now) => {
        const book = new Book(bookedClass, slotFree)
        for (const views of happenings(events)) book.deliver(views, now)
        for (const { amount, paid } of book.refunds.values()) {
          expect(amount).toBeGreaterThan(0)
          expect(amount).toBeLessThanOrEqual(paid)
        }
      }),
      RUNS,
    )
  })

  it('a class that is confirmed is paid with exactly the price in pesos to our account (invariant 4)', () => {
    fc.assert(
      fc.property(eventsOf(ANYTHING, true), classes, instants, (events, bookedClass, now) => {
        const book = new Book(bookedClass, true)
        for (const views of happenings(events)) book.deliver(views, now)
        if (!book.bookedClass?.paidAt) return
        const primaries = [...book.payments.values()].filter(({ role }) => role === 'primary')
        expect(primaries.reduce((sum, { amountCentavos }) => sum + (amountCentavos ?? 0), 0)).toBe(PRICE)
        expect(primaries.every(({ currency, collectorId }) => currency === 'ARS' && collectorId === COLLECTOR)).toBe(true)
      }),
      RUNS,
    )
  })
})

const STATUSES = fc.constantFrom(
  'pending',
  'in_process',
  'approved',
  'rejected',
  'cancelled',
  'refunded',
  'charged_back',
  'in_mediation',
  'x',
)
