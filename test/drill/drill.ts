import { type Balancer, startBalancer } from './balancer.ts'
import { readBooks } from './books.ts'
import { openDatabase } from './database.ts'
import { temporaryFolder } from './folder.ts'
import { forge } from './forger.ts'
import type { DatabaseKind, Options } from './options.ts'
import { ADMIN_ADDRESS, live, openDoors, signIn } from './people.ts'
import { makePlan, type Plan } from './plan.ts'
import { openProcesses, type Processes } from './processes.ts'
import { watchDenials } from './provider.ts'
import type { Result } from './report.ts'
import { sabotageOf } from './sabotage.ts'
import { startSandbox } from './sandbox.ts'
import { comeToRest, settle } from './settle.ts'
import { reconnect, useCalendar } from './teacher.ts'
import { haveDue, openTown, type Town } from './town.ts'
import { openWeather, pause } from './weather.ts'
import { measureWebhooks } from './webhooks.ts'

/** A Monday, 09:00 in Argentina. */
const BEGINNING = '2026-11-23T12:00:00.000Z'
const TOLD_EVERY_MS = 3_000
const NOTIFICATIONS = 400
const NOTIFICATIONS_QUICK = 60
const ANSWERS_BETWEEN_KILLS = 40
/** On a slow machine hours would go by before anybody has paid. */
const ANSWERS_BETWEEN_MOVES = 10
const WORK_LIMIT_MS = 15_000
const WORK_LOOK_MS = 100
const JOIN_LEAD_MINUTES = 1_440
const JOIN_LEAD_MS = JOIN_LEAD_MINUTES * 60_000

/** Policies under which more happens in less time, and a proxy in front. */
const POLICIES = {
  JOIN_LEAD_MINUTES: String(JOIN_LEAD_MINUTES),
  FULL_REFUND_HOURS: '0',
  RESCHEDULE_HOURS: '0',
  TRUSTED_PROXIES: '1',
  RATE_LIMIT_SCALE: '1000',
  LOG_LEVEL: 'warn',
  // The balancer knows at once who is gone.
  DRAIN_SECONDS: '0',
}

/** One drill on one kind of database, from an empty folder to the books. Everything it started has ended when it returns or throws. */
export async function drill(kind: DatabaseKind, options: Options, say: (line: string) => void, signal: AbortSignal): Promise<Result> {
  const began = performance.now()
  const closing: (() => Promise<unknown>)[] = []
  let doing = 'starting'
  let status = () => ''
  const ticking = setInterval(() => {
    say(`   ${kind} ${((performance.now() - began) / 1_000).toFixed(0).padStart(4)} s  ${doing}${status()}`)
  }, TOLD_EVERY_MS)
  const tell = (what: string) => {
    doing = what
  }
  try {
    const folder = await temporaryFolder()
    closing.push(folder.remove)
    const sabotage = options.sabotage ? sabotageOf(options.sabotage) : null
    const database = await openDatabase(kind, folder.path, sabotage)
    closing.push(database.close)
    const balancer = await startBalancer()
    closing.push(balancer.close)
    const sandbox = await startSandbox(balancer.url)
    closing.push(sandbox.close)
    await sandbox.control('/clock', { set: BEGINNING })
    for (const fault of sabotage?.faults ?? []) await sandbox.control('/google/faults', fault)
    const processes = await openProcesses(
      kind,
      { ...database.env, BASE_URL: balancer.url, SANDBOX_URL: sandbox.hub, ...POLICIES },
      balancer,
      options,
    )
    closing.push(processes.stopAll)
    signal.throwIfAborted()
    await processes.startAll()

    const plan = makePlan(options.seed, options.students, options.kills)
    const town = await openTown(balancer.url, sandbox, plan.people, signal)
    town.admin = (await signIn(town, sandbox.settings.ADMIN_EMAIL ?? '', ADMIN_ADDRESS)) ?? ''
    const weather = openWeather(sandbox, options.seed, (isRevoked) => reconnect(town, isRevoked))
    status = () =>
      `: ${town.counts.done}/${plan.people.length} people done, ${town.counts.requests} requests, ${town.counts.holds} holds, ` +
      `${town.counts.joins} joins, ${processes.recoveriesMs.length} crashes`
    tell('people at work')
    await chaos(plan, { town, processes, weather, balancer, inTurn: options.inTurn }, signal)
    status = () => ''
    signal.throwIfAborted()

    tell('measuring webhooks')
    await weather.clear()
    const webhooksInTheDrillMs = [...balancer.webhookTimesMs]
    await comeToRest({ town, signal })
    const webhooksMs = await measureWebhooks(town, options.quick ? NOTIFICATIONS_QUICK : NOTIFICATIONS)
    await comeToRest({ town, signal })
    await weather.silenceMercadoPago()
    const webhooksApiDownMs = await measureWebhooks(town, options.quick ? NOTIFICATIONS_QUICK : NOTIFICATIONS)
    const faults = await weather.hits()
    await weather.clear()

    const settled = await settle({
      town,
      processes,
      database,
      quick: options.quick,
      joinLeadMs: JOIN_LEAD_MS,
      tell,
      signal,
    })
    tell('reading the books')
    if (database.rewritten() === 0) throw new Error(`--sabotage ${options.sabotage} changed no statement: it takes nothing away`)
    return {
      database: kind,
      seconds: (performance.now() - began) / 1_000,
      town,
      crashes: processes.recoveriesMs.length,
      faults,
      recoveriesMs: processes.recoveriesMs,
      webhooksInTheDrillMs,
      webhooksMs,
      webhooksApiDownMs,
      figures: await readBooks(database, town, settled.fromMs),
      settled,
      refundsRefused: weather.refundsRefused(),
      rewritten: database.rewritten(),
      logged: processes.logged,
    }
  } finally {
    clearInterval(ticking)
    for (const close of closing.toReversed()) await close().catch(() => undefined)
  }
}

interface Killing {
  town: Town
  processes: Processes
  balancer: Balancer
  inTurn: boolean
}

/** People, clock, weather and kills, all at once, until the people are done and the kills are made. */
async function chaos(
  plan: Plan,
  { weather, ...killing }: Killing & { weather: ReturnType<typeof openWeather> },
  signal: AbortSignal,
): Promise<void> {
  const { town } = killing
  const over = new AbortController()
  const ending = AbortSignal.any([over.signal, signal])
  const aside = Promise.all([
    turnClock(plan, killing, ending),
    weather.run(plan.weather, ending),
    keepDoors(town, ending),
    useCalendar(town, plan.hands, ending),
    forge(town, plan.forgeries, ending),
    watchDenials(town, ending),
  ])
  // Should one of them fail, it is told below; until then nobody else waits for it.
  aside.catch(() => over.abort())
  try {
    await Promise.all([...plan.people.map((person) => live(town, person)), makeKills(plan, killing, signal)])
  } finally {
    over.abort()
  }
  await aside
}

async function turnClock({ moves }: Plan, { town, balancer }: Killing, signal: AbortSignal): Promise<void> {
  for (let turn = 0; !signal.aborted; turn++) {
    const { afterMs, minutes } = moves[turn % moves.length] ?? { afterMs: TOLD_EVERY_MS, minutes: 1 }
    await Promise.all([pause(afterMs, signal), workDone(town, balancer, ANSWERS_BETWEEN_MOVES, signal)])
    if (!signal.aborted) await town.advance(minutes)
  }
}

async function keepDoors(town: Town, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await openDoors(town, JOIN_LEAD_MS)
    await haveDue(town)
    await pause(500, signal)
  }
}

/**
 * One after another as planned, each when the product has done some work since the one before: a process that serves nobody is no loss.
 * A hurried one strikes while the successor of the one before is still starting.
 */
async function makeKills({ kills }: Plan, { town, processes, balancer, inTurn }: Killing, signal: AbortSignal): Promise<void> {
  let before = Promise.resolve()
  for (const { afterMs, hurried, victim, rank } of kills) {
    if (!hurried) {
      await before
      await workDone(town, balancer, ANSWERS_BETWEEN_KILLS, signal)
    }
    await pause(afterMs, signal)
    if (signal.aborted) break
    const kill = inTurn ? processes.killNext() : processes.kill(victim, rank)
    before = Promise.all([before, kill]).then(() => undefined)
    // Told when it is waited for; meanwhile nobody else should call it unheard.
    before.catch(() => undefined)
    town.kills += 1
  }
  await before
}

/** So many requests were answered, or there is nobody left to ask, or it takes too long. */
async function workDone(town: Town, balancer: Balancer, answers: number, signal: AbortSignal): Promise<void> {
  const enough = balancer.answered + answers
  const limit = performance.now() + WORK_LIMIT_MS
  while (balancer.answered < enough && town.counts.done < town.people.length && performance.now() < limit && !signal.aborted)
    await pause(WORK_LOOK_MS, signal)
}
