import { DAY_MS } from '../../src/kernel/clock.ts'
import { atMercadoPago, countOf, mailsTo, overlappingPairs } from '../support/books.ts'
import { type ConfirmedClass, confirmedClass, heldClass, payAtProvider } from './rig/classes.ts'
import { expectCount, unexpected } from './rig/ledger.ts'
import { describeRace } from './rig/race.ts'
import { paymentKey, refundOnce, rowLocks, together } from './rig/removals.ts'
import type { Answer, Rig } from './rig/rig.ts'

const unlockedAndRepeatable = { without: together(rowLocks, refundOnce), shows: 'refund' }

describeRace('the host cancels twice, and the teacher too, at the same moment (4.10, D13, invariant 12)', {
  async round(rig) {
    const theClass = await farClass(rig)
    const admin = await rig.world.admin()
    const cancel = (person: { cookie: string }) => rig.send(person, 'POST', `/api/classes/${theClass.classId}/cancel`)
    const answers = await rig.working(() => Promise.all([cancel(theClass.host), cancel(theClass.host), cancel(admin)]))
    await rig.settle()
    const done = answers.filter(({ status }) => status === 200)
    return [
      ...unexpected(answers, [200, 409]),
      // Whoever came first may ask again; the other is told that it is cancelled.
      ...(done.length === 1 || done.length === 2 ? [] : [`answer: ${done.length} of 3 cancelled it`]),
      ...done.filter(({ body }) => body.refund !== 'full').map(({ body }) => `answer: ${JSON.stringify(body)}`),
      ...(await refundedOnce(rig, theClass)),
    ]
  },
  controls: { 'locks and the key of a refund': unlockedAndRepeatable },
  fallbacks: {
    'the locks': { without: rowLocks, mayShow: ['answer', 'failure', 'mail'] },
    'the key of a refund': { without: refundOnce, mayShow: [] },
  },
})

describeRace('the teacher refunds while the host cancels (4.16, invariant 12)', {
  async round(rig) {
    const theClass = await farClass(rig)
    const admin = await rig.world.admin()
    const answers = await rig.working(() =>
      Promise.all([
        rig.send(admin, 'POST', `/api/admin/payments/${theClass.orderId}/refund`),
        rig.send(theClass.host, 'POST', `/api/classes/${theClass.classId}/cancel`),
        rig.send(admin, 'POST', `/api/admin/payments/${theClass.orderId}/refund`),
      ]),
    )
    await rig.settle()
    const [first, cancelled, second] = answers as [Answer, Answer, Answer]
    return [...unexpected([first, second], [200]), ...unexpected([cancelled], [200, 409]), ...(await refundedOnce(rig, theClass))]
  },
  controls: { 'locks and the key of a refund': unlockedAndRepeatable },
})

describeRace('an order is paid twice and looked at by everybody at once (4.3 W16)', {
  async round(rig) {
    const held = await heldClass(rig)
    await payAtProvider(rig, held, { times: 2 })
    const looking = Array.from({ length: 6 }, () => rig.send(held.host, 'GET', `/api/payments/${held.preferenceId}`))
    await rig.working(() => Promise.all([rig.world.sandbox.tick(), ...looking]))
    await rig.settle()
    const [row] = await rig.world.rows<{ status: string }>('SELECT status FROM virtual_class WHERE id = $1', [held.classId])
    const paid = (await atMercadoPago(rig.world)).payments.filter(({ externalReference }) => externalReference === held.orderId)
    const roles = await rig.world.rows<{ role: string }>('SELECT role FROM provider_payment WHERE order_id = $1 ORDER BY role', [
      held.orderId,
    ])
    return [
      ...(row?.status === 'scheduled' ? [] : [`status: ${row?.status}`]),
      ...(String(roles.map(({ role }) => role)) === 'primary,surplus' ? [] : [`roles: ${JSON.stringify(roles)}`]),
      ...expectCount('refund', 'refunds wanted', await countOf(rig.world, 'refund WHERE order_id = $1', [held.orderId]), 1),
      ...expectCount('money', 'payments kept', paid.filter(({ status }) => status === 'approved').length, 1),
      ...paid.filter(({ refunds }) => refunds.length > 1).map(({ refunds }) => `money: ${refunds.length} refunds of one payment`),
    ]
  },
  controls: {
    'locks and the keys of payment and refund': { without: together(rowLocks, refundOnce, paymentKey), shows: 'roles' },
  },
})

describeRace('the host cancels, moves and pays a second time at the same moment (D13, D14, D17a, invariant 12)', {
  async round(rig) {
    const theClass = await farClass(rig)
    const [to] = rig.slots(1)
    const path = `/api/classes/${theClass.classId}`
    const [answers, second] = await rig.working(async () => {
      const asked = Promise.all([
        rig.send(theClass.host, 'POST', `${path}/cancel`),
        rig.send(theClass.host, 'POST', `${path}/reschedule`, to),
        rig.send(theClass.host, 'POST', `${path}/cancel`),
      ])
      const paid = await payAtProvider(rig, theClass, { force: true })
      await rig.world.sandbox.tick()
      return [await asked, paid] as const
    })
    await rig.settle()
    const twice = (await atMercadoPago(rig.world)).payments.find(({ id }) => String(id) === second)
    return [
      ...unexpected(answers, [200, 409]),
      ...(answers.some(({ body }) => body.refund === 'full') ? [] : [`answer: ${JSON.stringify(answers.map(({ body }) => body))}`]),
      ...(await refundedOnce(rig, theClass, 2)),
      ...expectCount(
        'refund',
        'refunds wanted of the second payment',
        await countOf(rig.world, 'refund WHERE payment_id = $1', [second]),
        1,
      ),
      ...expectCount('money', 'refunds of the second payment', twice?.refunds.length ?? 0, 1),
      ...(twice?.status === 'refunded' ? [] : [`money: the second payment is ${twice?.status}`]),
      ...expectCount('overlap', 'pairs of live classes share time', await overlappingPairs(rig.world), 0),
    ]
  },
  controls: { 'locks and the key of a refund': unlockedAndRepeatable },
})

/** A class so far ahead that giving it up returns the money. */
async function farClass(rig: Rig): Promise<ConfirmedClass> {
  const theClass = await confirmedClass(rig, 2)
  if (Date.parse(theClass.slot.start) - rig.world.clock.now().getTime() > DAY_MS) return theClass
  rig.slots(24)
  return farClass(rig)
}

/** `payments`: how many the host has made for it; each is given back, and told. */
async function refundedOnce(rig: Rig, { classId, orderId, paymentId, host }: ConfirmedClass, payments = 1): Promise<string[]> {
  const [order] = await rig.world.rows<{ status: string; refunded: string; amount: string }>(
    'SELECT status, refunded_centavos AS refunded, amount_centavos AS amount FROM payment_order WHERE id = $1',
    [orderId],
  )
  const [row] = await rig.world.rows<{ status: string }>('SELECT status FROM virtual_class WHERE id = $1', [classId])
  const payment = (await atMercadoPago(rig.world)).payments.find(({ id }) => String(id) === paymentId)
  const mails = (await mailsTo(rig.world, host.email)).map(({ subject }) => subject)
  return [
    ...(row?.status === 'cancelled' ? [] : [`status: ${row?.status}`]),
    ...(order?.status === 'refunded' && order.refunded === order.amount ? [] : [`order: ${JSON.stringify(order)}`]),
    ...expectCount('refund', 'refunds wanted', await countOf(rig.world, 'refund WHERE payment_id = $1', [paymentId]), 1),
    ...expectCount('money', 'refunds at the provider', payment?.refunds.length ?? 0, 1),
    ...(payment?.refunds[0]?.amount === payment?.amount ? [] : [`money: ${JSON.stringify(payment?.refunds)}`]),
    ...expectCount('mail', 'mails about the cancellation', mails.filter((subject) => subject.startsWith('Clase cancelada')).length, 1),
    ...expectCount('mail', 'mails about the money', mails.filter((subject) => subject === 'Te devolvimos tu pago').length, payments),
    ...expectCount('attention', 'open cases', await countOf(rig.world, 'attention_case WHERE resolved_at IS NULL'), 0),
  ]
}
