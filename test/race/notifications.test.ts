import type { Deps } from '../../src/deps.ts'
import { createMeeting } from '../../src/features/meeting/create.ts'
import { atGoogle, countOf, mailsTo } from '../support/books.ts'
import { type HeldClass, heldClass, openDoors, payAtProvider } from './rig/classes.ts'
import { expectCount, unexpected } from './rig/ledger.ts'
import { describeRace } from './rig/race.ts'
import { derivedEventIds, enrolmentConstraints, jobKeys, noticeKey, rowLocks, together, transactionalQueue } from './rig/removals.ts'
import type { Answer, Rig } from './rig/rig.ts'
import { closeGate, PARTICIPATION_GATE } from './rig/steering.ts'

/** Many workers do everything several times, and nothing they share is locked. */
const repeated = together(rowLocks, jobKeys)

/** Questions to the database for which a worker is held up: enough for another to get there, too, and far less than a wait for a lock may take. */
const LOOKS_FOR_OTHERS = 400

describeRace('one notification 50 times while three workers empty the queue (4.3 W19, invariants 3, 9, 10)', {
  prepare: PARTICIPATION_GATE,
  async round(rig) {
    const held = await heldClass(rig, { isGroupClass: true, studentsCount: 3 })
    await rig.world.control('/mercado-pago/notifications/pause', {})
    const paymentId = await payAtProvider(rig, held)
    // Whoever comes to the class first is stopped there for a while, so that others meet him when nothing keeps them away.
    const gate = await closeGate(rig)
    const answers = await rig.working(async () => {
      const notified = notify(rig, paymentId, 50)
      let looks = 0
      await gate.waiting(2, () => looks++ >= LOOKS_FOR_OTHERS)
      await gate.open()
      return notified
    })
    const once = await confirmedOnce(rig, held)
    // Once more when guests are coming in (W20).
    openDoors(rig, held)
    const code = await codeOf(rig, held)
    const guests = await rig.people(2)
    const joined = await rig.working(() =>
      Promise.all([
        ...guests.map((guest) => rig.send(guest, 'POST', '/api/access-code', { accessCode: code })),
        notify(rig, paymentId, 10),
      ]),
    )
    await rig.world.control('/mercado-pago/notifications/resume', {})
    await rig.settle()
    return [
      ...answers.filter((status) => status !== 200).map((status) => `answer: ${status}`),
      ...once,
      ...unexpected(joined.slice(0, 2) as Answer[], [200]),
      ...(await confirmedOnce(rig, held, 3)),
      ...expectCount(
        'code',
        'codes that are not the first',
        await countOf(rig.world, 'access_code WHERE class_id = $1 AND code <> $2', [held.classId, code]),
        0,
      ),
      ...expectCount('inbox', 'notifications left over', await countOf(rig.world, 'webhook_inbox WHERE processed_at IS NULL'), 0),
    ]
  },
  controls: {
    'locks, job keys and the derived event id': { without: together(repeated, derivedEventIds), shows: 'event' },
    'locks, job keys and the constraints of enrolment': { without: together(repeated, enrolmentConstraints), shows: 'code' },
    'locks, job keys, constraints of enrolment and the key of a notice': {
      without: together(repeated, enrolmentConstraints, noticeKey),
      shows: 'mail',
    },
  },
  fallbacks: {
    // Whatever is locked or queued twice, the constraints keep one of each; jobs that lose may fail and be repeated.
    'locks and job keys': { without: repeated, mayShow: ['failure', 'status', 'inbox', 'answer', 'missing'] },
  },
})

describeRace('50 notifications of one payment while nobody works: they are one piece of work (job keys)', {
  processes: 1,
  async round(rig) {
    const held = await heldClass(rig)
    await rig.world.control('/mercado-pago/notifications/pause', {})
    const paymentId = await payAtProvider(rig, held)
    await notify(rig, paymentId, 50)
    const waiting = await countOf(rig.world, `pgboss.job WHERE name = 'payment.look-at-notification' AND data ->> 'externalId' = $1`, [
      paymentId,
    ])
    await rig.world.control('/mercado-pago/notifications/resume', {})
    await rig.settle()
    return [...expectCount('flood', 'jobs for one payment', waiting, 1), ...(await confirmedOnce(rig, held))]
  },
  controls: { 'the job keys': { without: jobKeys, shows: 'flood' } },
})

describeRace('three workers make the event of one class at the same moment (4.5, D19a, invariant 10)', {
  prepare: PARTICIPATION_GATE,
  async round(rig) {
    const held = await heldClass(rig, { isGroupClass: true, studentsCount: 2 })
    await rig.world.control('/mercado-pago/notifications/pause', {})
    await payAtProvider(rig, held)
    // Paid, and its job not yet run.
    await rig.send(held.host, 'GET', `/api/payments/${held.preferenceId}`)
    // Whoever comes first is stopped while the others get as far as they can.
    const gate = await closeGate(rig)
    let answered = 0
    const making = rig.processes.map(({ deps }) => created(deps, held).finally(() => answered++))
    await gate.waiting(rig.processes.length, () => answered > 0)
    await gate.open()
    const outcomes = await Promise.all(making)
    await rig.world.control('/mercado-pago/notifications/resume', {})
    await rig.settle()
    return [...outcomes.flat(), ...(await confirmedOnce(rig, held))]
  },
  controls: {
    'the derived event id': { without: derivedEventIds, shows: 'event' },
    'the lock and the constraints of enrolment': { without: together(rowLocks, enrolmentConstraints), shows: 'code' },
  },
})

describeRace('ten payments are confirmed while workers take each job the moment it exists (transactional queue)', {
  async round(rig) {
    const classes: HeldClass[] = []
    for (let i = 0; i < 10; i++) classes.push(await heldClass(rig))
    await rig.world.control('/mercado-pago/notifications/pause', {})
    for (const held of classes) await payAtProvider(rig, held)
    await rig.working(() => Promise.all(classes.map(({ host, preferenceId }) => rig.send(host, 'GET', `/api/payments/${preferenceId}`))))
    // Nothing but the jobs of these transactions may bring the classes into the calendar.
    await rig.working(async () => {})
    const stranded = await countOf(rig.world, `virtual_class WHERE id = ANY ($1) AND status = 'pending' AND paid_at IS NOT NULL`, [
      classes.map(({ classId }) => classId),
    ])
    await rig.world.control('/mercado-pago/notifications/resume', {})
    await rig.settle()
    return expectCount('stranded', 'paid classes that nobody works on', stranded, 0)
  },
  controls: { 'the queue inside the transaction': { without: transactionalQueue, shows: 'stranded' } },
})

/** What went wrong while the event was made: without the locks a transaction may be refused, and what it leaves behind is to be looked at all the same. */
async function created(deps: Deps, { classId }: HeldClass): Promise<string[]> {
  try {
    const outcome = await createMeeting(deps, classId)
    return outcome.ok ? [] : [`outcome: ${outcome.reason}`]
  } catch (error) {
    return [`failure: ${error}`]
  }
}

/** The provider sends its notification of a payment `times` times at once; returns the answers' statuses. */
async function notify(rig: Rig, paymentId: string, times: number): Promise<number[]> {
  const message = { type: 'payment', id: paymentId, signature: 'valid' }
  const sent = await Promise.all(Array.from({ length: times }, () => rig.world.control('/mercado-pago/notifications/forge', message)))
  return sent.map(({ answer }) => (answer as { status: number }).status)
}

async function codeOf(rig: Rig, { classId }: HeldClass): Promise<string> {
  const [row] = await rig.world.rows<{ code: string }>('SELECT code FROM access_code WHERE class_id = $1', [classId])
  return row?.code ?? 'NO CODE'
}

async function confirmedOnce(rig: Rig, { classId, host }: HeldClass, people = 1): Promise<string[]> {
  const [row] = await rig.world.rows<{ status: string }>('SELECT status FROM virtual_class WHERE id = $1', [classId])
  const events = (await atGoogle(rig.world)).filter((event) => event.classId === classId)
  const members = await countOf(rig.world, 'participation WHERE class_id = $1', [classId])
  const mails = (await mailsTo(rig.world, host.email)).filter(({ subject }) => subject.startsWith('Clase confirmada'))
  return [
    ...(row?.status === 'scheduled' ? [] : [`status: ${row?.status}`]),
    ...expectCount('event', 'events at Google', events.length, 1),
    ...expectCount('code', 'codes', await countOf(rig.world, 'access_code WHERE class_id = $1', [classId]), 1),
    ...(members > people ? [`participation: ${members} instead of ${people}`] : []),
    ...(members < people ? [`missing: ${members} participations instead of ${people}`] : []),
    ...expectCount('mail', 'mails', mails.length, 1),
  ]
}
