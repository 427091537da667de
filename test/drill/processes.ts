import { freePort } from '../support/ports.ts'
import { programOf } from '../support/program.ts'
import type { Balancer } from './balancer.ts'
import { type Child, startChild } from './child.ts'
import type { DatabaseKind } from './options.ts'

export interface Processes {
  /** Kills one with -9, starts it again at once, and resolves when it is ready. One that is just starting is left to finish first. */
  kill(victim: 'web' | 'worker', rank: number): Promise<void>
  /** The same with the one that has lived longest. */
  killNext(): Promise<void>
  /** Ends all as an operator would, one after another, and starts them again. */
  restartAll(): Promise<void>
  /** The same with those that answer requests; from then on they are those of another build, where `main` is its program. */
  restartWeb(main?: string): Promise<void>
  /** Ports of those. */
  ports(): number[]
  /** Ends all; nothing has the database open any more. */
  stopAll(): Promise<void>
  startAll(): Promise<void>
  /** Milliseconds from each kill until its successor was ready. */
  recoveriesMs: number[]
  /** Errors that the processes logged, how often each. */
  logged: Map<string, number>
}

interface Member {
  kind: 'web' | 'worker'
  env: Record<string, string>
  port: number | null
  /** Another program than the usual one. */
  main?: string
  child: Child | null
  /** What is being done to it; one thing at a time. */
  busy: Promise<void>
}

const MAIN = 'dist/main.js'
const READY = /Listo en \d+ ms/
const LOGGED_KINDS_MAX = 200
const ERROR_LEVEL = 50

/** How many there are on PostgreSQL. */
export interface Crew {
  web: number
  workers: number
}

/** The real server processes: on PostgreSQL as many as `crew` says, on the embedded database one for everything. `env` is what they share. */
export async function openProcesses(
  kind: DatabaseKind,
  env: Record<string, string>,
  balancer: Pick<Balancer, 'use'>,
  crew: Crew,
): Promise<Processes> {
  const members: Member[] = []
  const add = async (memberKind: Member['kind'], role: string) => {
    const port = memberKind === 'web' ? await freePort() : null
    const own = { PROCESS_ROLE: role, ...(port === null ? {} : { PORT: String(port) }) }
    members.push({ kind: memberKind, env: { ...env, ...own }, port, child: null, busy: Promise.resolve() })
  }
  if (kind === 'embedded') await add('web', 'all')
  else {
    for (let i = 0; i < crew.web; i++) await add('web', 'web')
    for (let i = 0; i < crew.workers; i++) await add('worker', 'worker')
  }

  const recoveriesMs: number[] = []
  const logged = new Map<string, number>()

  function route(): void {
    balancer.use(members.flatMap(({ port, child }) => (port !== null && child?.alive ? [port] : [])))
  }

  async function start(member: Member): Promise<void> {
    const program = programOf('start', member.env).map((word) => (word === MAIN ? (member.main ?? word) : word))
    const child = await startChild(program, member.env, READY, noteErrors)
    member.child = child
    route()
    void child.gone.then(route)
  }

  function noteErrors(line: string): void {
    if (!line.startsWith('{')) return
    let entry: Record<string, unknown>
    try {
      entry = JSON.parse(line) as Record<string, unknown>
    } catch {
      return
    }
    if (Number(entry.level) < ERROR_LEVEL && entry.level !== 'error') return
    const text = [entry.msg ?? entry.message, entry.job ?? entry.path, entry.error].filter(Boolean).join(' · ').slice(0, 200)
    if (logged.has(text) || logged.size < LOGGED_KINDS_MAX) logged.set(text, (logged.get(text) ?? 0) + 1)
  }

  /** Waits for its turn with this member. */
  function inTurn(member: Member, work: () => Promise<void>): Promise<void> {
    const done = member.busy.then(work)
    member.busy = done.catch(() => undefined)
    return done
  }

  async function killOne(member: Member): Promise<void> {
    await inTurn(member, async () => {
      const began = performance.now()
      await member.child?.end('SIGKILL')
      await start(member)
      recoveriesMs.push(performance.now() - began)
    })
  }

  async function restart(those: readonly Member[]): Promise<void> {
    for (const member of those)
      await inTurn(member, async () => {
        await member.child?.end('SIGTERM')
        await start(member)
      })
  }

  let turn = 0
  const stop = (member: Member) => inTurn(member, async () => member.child?.end('SIGTERM'))
  return {
    recoveriesMs,
    logged,
    async kill(victim, rank) {
      const candidates = members.filter((member) => member.kind === victim)
      const chosen = candidates.length > 0 ? candidates : members
      const member = chosen[rank % chosen.length]
      if (member) await killOne(member)
    },
    async killNext() {
      const member = members[turn++ % members.length]
      if (member) await killOne(member)
    },
    ports: () => members.flatMap(({ port }) => (port === null ? [] : [port])),
    restartAll: () => restart(members),
    async restartWeb(main) {
      const web = members.filter(({ kind: memberKind }) => memberKind === 'web')
      if (main !== undefined) for (const member of web) member.main = main
      await restart(web)
    },
    stopAll: async () => void (await Promise.all(members.map(stop))),
    startAll: async () => void (await Promise.all(members.map((member) => inTurn(member, () => start(member))))),
  }
}
