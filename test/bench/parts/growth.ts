import type { Deps } from '../../../src/deps.ts'
import { classesWithEvents, peopleOf } from '../../../src/features/hand-edit/store.ts'
import { findConnection } from '../../../src/features/meeting/connection.ts'
import type { CalendarProvider, SyncedEvent } from '../../../src/features/meeting/provider.ts'
import { contentHash } from '../../../src/features/mirror/rules.ts'
import { findMirror } from '../../../src/features/mirror/store.ts'
import { syncCalendar } from '../../../src/features/mirror/sync.ts'
import type { PaymentProvider } from '../../../src/features/payment/provider.ts'
import { reconcileOrder } from '../../../src/features/payment/reconcile.ts'
import { eventWords } from '../../../src/features/virtual-class/rules.ts'
import { fillVolume, type Volume } from '../../support/volume.ts'
import { addressOf, cookieOf, signIn } from '../cast.ts'
import { type Figure, interleave, spread } from '../figures.ts'
import { openInside } from '../inside.ts'
import { openLine, shot } from '../load.ts'
import { type Stage, withClient } from '../stage.ts'
import { connectCalendar, refreshCalendar } from './pages.ts'

const GROUP = 'Growth: the time that one takes, and its ratio to the smallest database'
const STUDENT = 1
const ADMIN = 2
const TIMES = 150
const TIMES_QUICK = 30

const READS = [
  { name: 'availability of a week', path: '/api/availability', who: STUDENT },
  { name: 'upcoming classes', path: '/api/upcoming-classes', who: STUDENT },
  { name: 'own history', path: '/inicio/historial', who: STUDENT },
  { name: 'admin list', path: '/api/admin/classes', who: ADMIN },
] as const

/** One database for each size, asked in turns. */
export async function growth(stage: Stage): Promise<Figure[]> {
  const { sizes, rounds, quick } = stage.options
  const times = quick ? TIMES_QUICK : TIMES
  const subjects: { name: string; run(): Promise<number> }[] = []
  const fresh: (() => Promise<void>)[] = []
  for (const classes of sizes) {
    const { url } = await stage.database(`size_${classes}`)
    const volume = await withClient(url, async (client) => {
      const now = new Date()
      const made = await fillVolume(client, { classes, now, onStep: (table) => stage.tell(`${classes} classes: ${table}`) })
      const logins = [
        { n: STUDENT, userId: made.studentId },
        { n: ADMIN, userId: made.adminId },
      ]
      await signIn(client, logins, now)
      await connectCalendar(client, made, now)
      return made
    })
    fresh.push(() => withClient(url, (client) => refreshCalendar(client, new Date())))
    const { port } = await stage.product({ DATABASE_URL: url, PROCESS_ROLE: 'web' })
    for (const { name, path, who } of READS)
      subjects.push({ name: `${name} ${classes}`, run: () => medianOf(times, readsAt(port, path, who)) })
    const { reconcile, sync } = await openJobs(stage, url, volume)
    subjects.push({ name: `reconcile ${classes}`, run: () => medianOf(times, repeated(reconcile)) })
    subjects.push({ name: `calendar sync ${classes}`, run: () => medianOf(times, repeated(sync)) })
  }
  const ordered = subjects.toSorted((a, b) => kindOf(a.name).localeCompare(kindOf(b.name)))
  for (const { name, run } of ordered) {
    stage.tell(`warming up ${name}`)
    await run()
  }
  for (const refresh of fresh) await refresh()
  const values = await interleave(rounds, ordered, stage.tell)
  const [smallest = 0] = sizes
  return [...READS.map(({ name }) => name), 'reconcile', 'calendar sync'].flatMap((kind) =>
    sizes.map((classes, index): Figure => {
      const figure = { group: GROUP, name: `${kind}, ${classes} classes`, unit: 'ms', values: values[`${kind} ${classes}`] ?? [] }
      if (index === 0) return figure
      const limit = { name: `${smallest} classes`, values: values[`${kind} ${smallest}`] ?? [] }
      return { ...figure, limit, ...(index === sizes.length - 1 ? { target: { atMost: 1.3 } } : {}) }
    }),
  )
}

function kindOf(name: string): string {
  return name.replace(/ \d+$/, '')
}

/** The median of so many times, one after the other. */
async function medianOf(times: number, open: () => Promise<{ run(): Promise<void>; close(): void }>): Promise<number> {
  const { run, close } = await open()
  const took: number[] = []
  for (let i = 0; i < times; i++) {
    const began = performance.now()
    await run()
    took.push(performance.now() - began)
  }
  close()
  return spread(took).median
}

function readsAt(port: number, path: string, who: number) {
  return async () => {
    const line = await openLine(port)
    let n = 0
    return {
      async run() {
        const { status } = await line.ask(shot(port, path, { cookie: cookieOf(who), headers: addressOf(n++) }))
        if (status !== 200) throw new Error(`${path} was answered ${status}`)
      },
      close: line.close,
    }
  }
}

function repeated(run: () => Promise<void>) {
  return async () => ({ run, close: () => {} })
}

/** The two jobs, with providers that answer from memory: what grows is the database. */
async function openJobs(
  stage: Stage,
  url: string,
  { orderId, teacherId }: Volume,
): Promise<{ reconcile(): Promise<void>; sync(): Promise<void> }> {
  const inside = await openInside(url, { payments: paymentsFromMemory(), calendar: calendarFromMemory() })
  stage.atEnd(inside.close)
  const { deps } = inside
  await makeCalendarAgree(deps, teacherId)
  return {
    async reconcile() {
      inside.sent.length = 0
      const result = await reconcileOrder(deps, orderId)
      if (result !== 'settled') throw new Error(`The order is ${result}`)
    },
    async sync() {
      inside.sent.length = 0
      await syncCalendar(deps, teacherId)
    },
  }
}

/** The grant can be opened, and the events of the classes say what they should: there is nothing to mend. */
async function makeCalendarAgree(deps: Deps, teacherId: string): Promise<void> {
  const { handle } = deps.db
  const now = deps.clock.now()
  const connection = await findConnection(deps, teacherId)
  const mirror = await findMirror(handle, teacherId)
  if (!connection || !mirror) throw new Error('No calendar is connected')
  await deps.db.execute('UPDATE google_connection SET sealed_refresh_token = $1 WHERE id = $2', [
    deps.secrets.seal('bench', connection.id),
    connection.id,
  ])
  const pairs = await classesWithEvents(handle, teacherId, mirror, 'all', now)
  const people = await peopleOf(
    handle,
    pairs.map(({ virtualClass }) => virtualClass.id),
  )
  for (const { virtualClass } of pairs) {
    const hash = contentHash({ ...eventWords(virtualClass), attendees: people.get(virtualClass.id) ?? [], blocks: true })
    await deps.db.execute('UPDATE calendar_event SET content_hash = $1 WHERE teacher_id = $2 AND event_id = $3', [
      hash,
      teacherId,
      virtualClass.googleEventId,
    ])
  }
}

function paymentsFromMemory(): PaymentProvider {
  const unasked = () => Promise.reject(new Error('Not to be asked'))
  return {
    verifyNotification: () => 'valid',
    createPreference: unasked,
    closePreference: unasked,
    findPreferences: unasked,
    findPayments: async () => ({ ok: true, value: [] }),
    listPayments: unasked,
    // What is written down already is asked for by its number, and nothing has changed.
    getPayment: async () => ({ ok: false, reason: 'unknown' }),
    getMerchantOrder: unasked,
    refund: unasked,
    listRefunds: unasked,
    verifyCollector: unasked,
  }
}

const EVENTS = 5
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Each reading tells of a few events of the teacher's own, moved by an hour, at night, where they are in nobody's way. */
function calendarFromMemory(): CalendarProvider {
  let readings = 0
  const events = (): SyncedEvent[] =>
    Array.from({ length: EVENTS }, (_, index) => {
      const night = (Math.floor(Date.now() / DAY_MS) + 1 + index) * DAY_MS + 4 * HOUR_MS
      const startsAt = new Date(night + (readings % 2) * HOUR_MS)
      return {
        eventId: `bench-${index}`,
        etag: String(readings),
        cancelled: false,
        classId: null,
        recurringId: null,
        startsAt,
        endsAt: new Date(startsAt.getTime() + HOUR_MS),
        allDay: false,
        blocks: true,
        summary: '',
        description: '',
        attendees: [],
      }
    })
  const known: Partial<CalendarProvider> = {
    async syncEvents() {
      readings += 1
      return { ok: true, value: { events: events(), nextPageToken: null, syncToken: `bench-${readings}` } }
    },
  }
  return known as CalendarProvider
}
