import type { Deps } from '../../src/deps.ts'
import { reconcileOrder } from '../../src/features/payment/reconcile.ts'
import { queueTimedJobs } from '../../src/jobs/schedule.ts'
import { atMercadoPago, countOf, overlappingPairs } from '../support/books.ts'
import { type HeldClass, heldClass, payAtProvider } from './rig/classes.ts'
import { expectCount, unexpected } from './rig/ledger.ts'
import { describeRace } from './rig/race.ts'
import { noOverlap, rowLocks } from './rig/removals.ts'
import type { Process, Rig } from './rig/rig.ts'
import { createStop, type Stop } from './rig/steering.ts'

describeRace('the end of a hold and its payment come at the same instant (D7a, D7b, 4.3 W25b, invariant 5)', {
  rounds: 4,
  async round(rig, round) {
    const held = await heldClass(rig)
    rig.world.clock.set(await endOf(rig, held))
    await dropNotifications(rig)
    // The expiry has asked: nothing is paid. Then the buyer pays, and whoever heard of it has asked, too. Now both decide.
    const expiry = await asked(rig.processes[0], held)
    await payAtProvider(rig, held, { force: true })
    const payment = await asked(rig.processes[1], held)
    const [first, second] = round % 2 === 0 ? [expiry, payment] : [payment, expiry]
    first.stop.release()
    second.stop.release()
    await Promise.all([expiry.done, payment.done])
    await workOff(rig)
    return classOrMoney(rig, held)
  },
  controls: { 'the locks on order and class': { without: rowLocks, shows: 'neither' } },
})

describeRace('a late payer and a new buyer want the freed slot at the same moment (D7b, scenario E, 4.3 W24, W25)', {
  rounds: 6,
  async round(rig, round) {
    const late = await heldClass(rig)
    rig.world.clock.set(await endOf(rig, late))
    await rig.settle()
    await dropNotifications(rig)
    const [buyer] = await rig.people(1)
    if (!buyer) throw new Error('Nobody is there')
    await payAtProvider(rig, late, { force: true })
    const payer = await asked(rig.processes[0], late)
    const buy = () => rig.send(buyer, 'POST', '/api/checkout', late.slot)
    // In turn: the buyer is through before the payer goes on; the payer first; both together.
    let answer = round % 3 === 0 ? await buy() : null
    payer.stop.release()
    if (round % 3 === 1) await payer.done
    answer ??= await buy()
    await payer.done
    if (answer.status === 200) await payAtProvider(rig, { preferenceId: String(answer.body.preferenceId) })
    if (answer.status === 200) await rig.send(buyer, 'GET', `/api/payments/${answer.body.preferenceId}`)
    await workOff(rig)
    return [
      ...unexpected([answer], [200, 409]),
      ...(await overlaps(rig)),
      ...(await classOrMoney(rig, late)),
      ...expectCount(
        'slot',
        'classes in the calendar for this slot',
        await countOf(rig.world, `virtual_class WHERE starts_at = $1 AND status = 'scheduled'`, [late.slot.start]),
        1,
      ),
      ...expectCount(
        'buyer',
        'classes of the new buyer',
        await countOf(rig.world, `virtual_class WHERE booked_by_id = $1 AND status = 'scheduled'`, [buyer.id]),
        answer.status === 200 ? 1 : 0,
      ),
    ]
  },
  controls: { 'the exclusion constraint': { without: noOverlap, shows: 'overlap' } },
})

describeRace('six holds end while their hosts pay and others ask for their slots, with workers and notifications', {
  async round(rig) {
    const holds: HeldClass[] = []
    for (let i = 0; i < 6; i++) holds.push(await heldClass(rig))
    const buyers = await rig.people(6)
    rig.world.clock.set(await endOf(rig, holds[5] as HeldClass))
    const answers = await rig.working(() =>
      Promise.all([
        ...holds.map((held, i) => rig.send(buyers[i] ?? null, 'POST', '/api/checkout', held.slot)),
        ...holds.map(async (held) => {
          await payAtProvider(rig, held, { force: true })
          await rig.world.sandbox.tick()
          return rig.send(held.host, 'GET', `/api/payments/${held.preferenceId}`)
        }),
        queueTimedJobs(rig.world.deps).then(() => ({ status: 200, body: {} })),
      ]),
    )
    await rig.settle()
    const harm = [...unexpected(answers, [200, 409]), ...(await overlaps(rig))]
    for (const held of holds) harm.push(...(await classOrMoney(rig, held)))
    return harm
  },
  controls: { 'the exclusion constraint and the look before it': { without: noOverlap, shows: 'overlap' } },
})

/** Somebody who has asked the provider about an order and decides as soon as he is let go. */
async function asked(process: Process | undefined, { orderId }: HeldClass): Promise<{ stop: Stop; done: Promise<unknown> }> {
  if (!process) throw new Error('The rig has too few processes')
  const stop = createStop()
  const { payments } = process.deps
  const deps: Deps = {
    ...process.deps,
    payments: {
      ...payments,
      async findPayments(id) {
        const answer = await payments.findPayments(id)
        await stop.wait()
        return answer
      },
    },
  }
  const done = reconcileOrder(deps, orderId)
  await stop.arrived
  return { stop, done }
}

async function endOf(rig: Rig, { classId }: HeldClass): Promise<Date> {
  const [row] = await rig.world.rows<{ end: Date }>('SELECT hold_expires_at AS "end" FROM virtual_class WHERE id = $1', [classId])
  if (!row) throw new Error('There is no such class')
  return new Date(row.end)
}

/** Nothing but what the test itself does may repair what goes wrong. */
async function dropNotifications(rig: Rig): Promise<void> {
  await rig.world.control('/mercado-pago/settings', { notificationsToDrop: 10_000 }, 'PATCH')
}

/** Runs the jobs that are queued; no timed ones, no notifications. */
async function workOff(rig: Rig): Promise<void> {
  await rig.working(async () => {})
}

/** Whoever has paid has a class or gets the money back: one of the two, and wholly. */
async function classOrMoney(rig: Rig, { classId, orderId }: HeldClass): Promise<string[]> {
  const [row] = await rig.world.rows<{ status: string; order: string }>(
    'SELECT c.status, o.status AS "order" FROM virtual_class c JOIN payment_order o ON o.class_id = c.id WHERE c.id = $1',
    [classId],
  )
  const paid = (await atMercadoPago(rig.world)).payments.filter(({ externalReference }) => externalReference === orderId)
  const kept = paid.filter(({ status }) => status === 'approved').length
  const returned = paid.filter(({ status }) => status === 'refunded').length
  const found = `class ${row?.status}, order ${row?.order}, ${kept} payments kept, ${returned} returned`
  if (row?.status === 'scheduled' && row.order === 'approved' && kept === 1 && returned === 0) return []
  if (row?.status === 'cancelled' && row.order === 'refunded' && kept === 0 && returned === 1) return []
  return [`${row?.status === 'scheduled' ? 'both' : 'neither'}: ${found}`]
}

async function overlaps(rig: Rig): Promise<string[]> {
  return expectCount('overlap', 'pairs of live classes share time', await overlappingPairs(rig.world), 0)
}
