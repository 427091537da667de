import { attack } from './attack.ts'
import { type Deed, nth, type PayHow, PRICES, type ProviderEvent, slotAt } from './plan.ts'
import { expectOneOf, type KnownClass, type KnownOrder, type Stage } from './stage.ts'
import { answerProposal, teacherActs } from './teacher.ts'

const sized = (people: number) => (people === 1 ? {} : { isGroupClass: true, studentsCount: people })

/** Somebody does something. What cannot be done now (nobody booked yet) is left out. */
export async function perform(stage: Stage, deed: Deed): Promise<void> {
  switch (deed.do) {
    case 'checkout': {
      const body = { ...slotAt(deed.slot), ...sized(deed.people) }
      const headers: Record<string, string> = deed.keyed ? { 'idempotency-key': `key-${deed.who}-${deed.slot}-${deed.people}` } : {}
      const once = async () => {
        const { status, body: answer } = await stage.ask(deed.who, 'POST', '/api/checkout', body, headers)
        if (status === 200)
          know(stage, { preferenceId: String(answer.preferenceId), host: deed.who, people: deed.people }, String(answer.classId))
        else expectOneOf(stage, 'checkout', status, [0, 400, 409, 500, 503])
      }
      await Promise.all(deed.twice ? [once(), once()] : [once()])
      return
    }
    case 'prefer': {
      const { status, body } = await stage.ask(deed.who, 'POST', '/api/mercado-pago/create-preference', {
        type: deed.people > 1 ? 'grupal' : 'individual',
        studentsCount: deed.people,
      })
      if (status === 200) know(stage, { preferenceId: String(body.preferenceId), host: deed.who, people: deed.people })
      else expectOneOf(stage, 'create-preference', status, [0, 500, 503])
      return
    }
    case 'book': {
      const order = nth(stage.orders, deed.order)
      if (!order) return
      const request = { ...slotAt(deed.slot), ...sized(order.people), preferenceId: order.preferenceId }
      const { status, body } = await stage.ask(order.host, 'POST', '/api/booking', request)
      if (status === 200) know(stage, order, String(body.classId))
      else expectOneOf(stage, 'booking', status, [0, 400, 409, 500, 503])
      return
    }
    case 'pay':
      return pay(stage, nth(stage.orders, deed.order), deed.how)
    case 'look': {
      const order = nth(stage.orders, deed.order)
      if (!order) return
      const path =
        deed.at === 'api'
          ? `/api/payments/${order.preferenceId}`
          : `/checkout/callback/success?preference_id=${order.preferenceId}&status=approved`
      expectOneOf(stage, path, (await stage.ask(order.host, 'GET', path)).status, [0, 200])
      return
    }
    case 'join': {
      const target = nth(stage.classes, deed.class)
      const code = target ? await codeOf(stage, target) : null
      if (code) await stage.ask(deed.who, 'POST', '/api/access-code', { accessCode: deed.class % 2 ? code.toLowerCase() : ` ${code} ` })
      return
    }
    case 'enter': {
      const target = nth(stage.classes, deed.class)
      if (target) await stage.ask(deed.who, 'GET', `/api/classes/${target.classId}/join`)
      return
    }
    case 'cancel': {
      const target = nth(stage.classes, deed.class)
      if (!target) return
      const { status } = await stage.ask(deed.by === 'admin' ? 'admin' : target.host, 'POST', `/api/classes/${target.classId}/cancel`, {})
      expectOneOf(stage, 'cancel', status, [0, 200, 409])
      return
    }
    case 'move': {
      const target = nth(stage.classes, deed.class)
      if (!target) return
      const path = `/api/classes/${target.classId}/reschedule`
      const { status } = await stage.ask(deed.by === 'admin' ? 'admin' : target.host, 'POST', path, slotAt(deed.slot))
      expectOneOf(stage, 'reschedule', status, [0, 200, 400, 409, 500, 503])
      return
    }
    case 'refund':
      return refundAsAdmin(stage, nth(stage.orders, deed.order), deed.of)
    case 'retry': {
      const order = nth(stage.orders, deed.order)
      if (order) await stage.ask('admin', 'POST', '/api/calendar', { preferenceId: order.preferenceId })
      return
    }
    case 'provider':
      return providerActs(stage, deed.payment, deed.event)
    case 'notifications':
      return changeNotifications(stage, deed.change)
    case 'refunds':
      return changeRefunds(stage, deed.change)
    case 'meet':
      await stage.control('/google/conference', {
        mode: deed.mode,
        ...(deed.mode === 'success' ? {} : { count: 1 + (stage.orders.length % 3) }),
      })
      return
    case 'teacher':
      return teacherActs(stage, deed)
    case 'proposal':
      return answerProposal(stage, deed.answer)
    case 'attack':
      return attack(stage, deed.kind, { order: nth(stage.orders, deed.order), target: nth(stage.classes, deed.class) })
  }
}

function know(stage: Stage, order: KnownOrder, classId?: string): void {
  if (!stage.orders.some(({ preferenceId }) => preferenceId === order.preferenceId)) stage.orders.push(order)
  if (classId && !stage.classes.some((known) => known.classId === classId)) stage.classes.push({ classId, host: order.host })
}

async function codeOf(stage: Stage, target: KnownClass): Promise<string | null> {
  const rows = await stage.sim.scheduler.during(
    stage.sim.execute('SELECT code FROM access_code WHERE class_id = $1 ORDER BY issued_at DESC, code LIMIT 1', [target.classId]),
  )
  return rows[0] ? String(rows[0].code) : null
}

async function pay(stage: Stage, order: KnownOrder | null, how: PayHow): Promise<void> {
  if (!order) return
  const price = PRICES[order.people - 1] ?? 0
  const other = stage.orders.find(({ preferenceId }) => preferenceId !== order.preferenceId)
  const ways: Record<PayHow, Record<string, unknown>> = {
    approved: {},
    rejected: { holder: 'FUND' },
    twice: { times: 2 },
    half: { amount: price / 2 },
    'other-half': { amount: price / 2, force: true },
    'too-much': { amount: price + 500 },
    dollars: { currency: 'USD' },
    'other-collector': { collectorId: 999_888_777 },
    'no-reference': { externalReference: null },
    'foreign-reference': { externalReference: other?.preferenceId ?? 'of-somebody-else' },
    late: { force: true },
    ticket: { method: 'rapipago', force: true },
  }
  // A preference that has expired takes no money: nothing happens then.
  await stage.control('/mercado-pago/pay', { preferenceId: order.preferenceId, ...ways[how] }).catch(ignoreConflict)
}

function ignoreConflict(error: unknown): void {
  if (!/→ (409|404) /.test(String(error))) throw error
}

interface SandboxPayment {
  id: number
  status: string
  amount: number
  refunds: { id: number; status: string; amount: number }[]
}

async function paymentsAt(stage: Stage): Promise<SandboxPayment[]> {
  return ((await stage.control('/mercado-pago/state')) as unknown as { payments: SandboxPayment[] }).payments
}

async function providerActs(stage: Stage, index: number, event: ProviderEvent): Promise<void> {
  const payment = nth(await paymentsAt(stage), index)
  if (!payment) return
  const calls: Record<ProviderEvent, [string, Record<string, unknown>?]> = {
    'ticket-paid': ['approve'],
    refund: ['refund'],
    'part-refund': ['refund', { amount: 1_000 }],
    mediate: ['mediate'],
    'mediation-won': ['status', { status: 'approved', detail: 'accredited' }],
    'mediation-lost': ['status', { status: 'refunded', detail: 'refunded' }],
    chargeback: ['chargeback', { outcome: 'in_process' }],
    'chargeback-won': ['chargeback', { outcome: 'reimbursed' }],
    'chargeback-lost': ['chargeback', { outcome: 'settled' }],
    hide: ['hide', { reads: 2 }],
  }
  // A claim only ends where one was open.
  if (event.startsWith('mediation-') && payment.status !== 'in_mediation') return
  if (event === 'ticket-paid' && payment.status !== 'pending') return
  const [name, body] = calls[event]
  await stage.control(`/mercado-pago/payments/${payment.id}/${name}`, body ?? {}).catch(ignoreConflict)
}

async function refundAsAdmin(stage: Stage, order: KnownOrder | null, of: 'order' | 'payment'): Promise<void> {
  if (!order) return
  const rows = await stage.sim.scheduler.during(
    stage.sim.execute(
      of === 'order'
        ? 'SELECT id FROM payment_order WHERE preference_id = $1'
        : 'SELECT p.id FROM provider_payment p JOIN payment_order o ON o.id = p.order_id WHERE o.preference_id = $1 ORDER BY p.id DESC',
      [order.preferenceId],
    ),
  )
  const id = rows[0]?.id
  if (!id) return
  const { status } = await stage.ask('admin', 'POST', `/api/admin/payments/${id}/refund`, {})
  expectOneOf(stage, 'admin refund', status, [0, 200, 409, 503])
}

async function changeNotifications(stage: Stage, change: Extract<Deed, { do: 'notifications' }>['change']): Promise<void> {
  const settings = (body: Record<string, unknown>) => stage.control('/mercado-pago/settings', body, 'PATCH')
  switch (change) {
    case 'drop':
      return void (await settings({ notificationsToDrop: 4 }))
    case 'copies':
      return void (await settings({ notificationCopies: 2 }))
    case 'reverse':
      return void (await stage.control('/mercado-pago/notifications/reorder', { order: 'reverse' }).catch(ignoreConflict))
    case 'delay':
      return void (await settings({ notificationDelayMs: 20 * 60_000 }))
    case 'pause':
      return void (await stage.control('/mercado-pago/notifications/pause', {}))
    case 'resume':
      return void (await stage.control('/mercado-pago/notifications/resume', {}))
    case 'second-secret':
      return void (await settings({ notificationSignature: 'second' }))
  }
}

async function changeRefunds(stage: Stage, change: Extract<Deed, { do: 'refunds' }>['change']): Promise<void> {
  switch (change) {
    case 'no-balance':
      return void (await stage.control('/mercado-pago/refund-refusal', { code: 2031, times: 2 }, 'PUT'))
    case 'too-old':
      return void (await stage.control('/mercado-pago/refund-refusal', { code: 2024, times: 1 }, 'PUT'))
    case 'in-process':
      return void (await stage.control('/mercado-pago/settings', { refundsInProcess: true }, 'PATCH'))
    case 'settle':
      return settleRefunds(stage)
    case 'reject':
      return settleRefunds(stage, 'rejected')
  }
}

/** Refunds that the provider left in process come to an end. */
export async function settleRefunds(stage: Stage, status: 'approved' | 'rejected' = 'approved'): Promise<void> {
  await stage.control('/mercado-pago/settings', { refundsInProcess: false }, 'PATCH')
  for (const payment of await paymentsAt(stage)) {
    for (const refund of payment.refunds) {
      if (refund.status === 'in_process')
        await stage.control(`/mercado-pago/payments/${payment.id}/refunds/${refund.id}/settle`, { status })
    }
  }
}
