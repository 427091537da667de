import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ADDRESS_HEADER, type Balancer, startBalancer } from '../drill/balancer.ts'
import { type DrillDatabase, openDatabase } from '../drill/database.ts'
import { temporaryFolder } from '../drill/folder.ts'
import { signIn } from '../drill/people.ts'
import { openProcesses, type Processes } from '../drill/processes.ts'
import { type Sandbox, startSandbox } from '../drill/sandbox.ts'
import { openTown, send, type Town } from '../drill/town.ts'
import { eventsOf } from '../support/live.ts'
import { makeOtherBuild } from './other-build.ts'

/** A Monday, 09:00 in Argentina. */
const BEGINNING = '2026-11-23T12:00:00.000Z'
const CREW = { web: 3, workers: 1 }
const EXPORTS_ALLOWED = 5
const ADDRESS = '10.1.2.3'

describe('three web processes and a worker on one PostgreSQL', () => {
  const closing: (() => Promise<unknown>)[] = []
  const nobodyStops = new AbortController()
  let sandbox: Sandbox
  let balancer: Balancer
  let processes: Processes
  let town: Town
  let cookie: string

  beforeAll(async () => {
    const folder = await temporaryFolder()
    closing.push(folder.remove)
    const database: DrillDatabase = await openDatabase('postgres', folder.path, null)
    closing.push(database.close)
    balancer = await startBalancer({ asksHealth: true })
    closing.push(balancer.close)
    sandbox = await startSandbox(balancer.url)
    closing.push(sandbox.close)
    await sandbox.control('/clock', { set: BEGINNING })
    const env = {
      ...database.env,
      BASE_URL: balancer.url,
      SANDBOX_URL: sandbox.hub,
      TRUSTED_PROXIES: '1',
      LOG_LEVEL: 'warn',
      // Long enough to be noticed, also on a busy machine.
      DRAIN_SECONDS: '4',
    }
    processes = await openProcesses('postgres', env, balancer, CREW)
    closing.push(processes.stopAll)
    await processes.startAll()
    town = await openTown(balancer.url, sandbox, [], nobodyStops.signal)
    cookie = (await signIn(town, 'laura@correo.test', ADDRESS)) ?? ''
  })
  afterAll(async () => {
    for (const close of closing.toReversed()) await close()
  })

  /** To one of the web processes, past the balancer. */
  const to = (index: number, path: string, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${processes.ports()[index]}${path}`, {
      ...init,
      redirect: 'manual',
      headers: { cookie, 'content-type': 'application/json', 'x-forwarded-for': ADDRESS, ...init.headers },
    })

  it('a page open at one of them is told at once what another one and the worker did', async () => {
    const window = eventsOf(await to(0, '/api/live', { headers: { accept: 'text/event-stream' } }))
    await window.until('missed')
    const { slots } = (await (await to(1, '/api/availability')).json()) as { slots: { start: string; end: string; state: string }[] }
    const { start, end } = slots.find(({ state }) => state === 'free') ?? {}
    const held = (await (await to(1, '/api/checkout', { method: 'POST', body: JSON.stringify({ start, end }) })).json()) as {
      classId: string
      preferenceId: string
    }
    expect((await window.until('class')).at(-1)?.data).toMatchObject({ id: held.classId, status: 'pending' })
    await sandbox.control('/mercado-pago/pay', { preferenceId: held.preferenceId })
    let facts = (await window.until('class')).at(-1)?.data
    while (facts?.link !== 'ready') facts = (await window.until('class')).at(-1)?.data
    expect(facts).toMatchObject({ id: held.classId, status: 'scheduled' })
    await window.close()
  })

  it('count a limit together', async () => {
    const statuses: number[] = []
    for (let i = 0; i <= EXPORTS_ALLOWED; i++) {
      const answer = await to(i % CREW.web, '/api/user-data/export')
      await answer.arrayBuffer()
      statuses.push(answer.status)
    }
    expect(statuses).toEqual([...Array.from({ length: EXPORTS_ALLOWED }, () => 200), 429])
  })

  it('are updated one after the other without a failed request, also for files of either build; live pages connect again elsewhere', async () => {
    const other = await makeOtherBuild()
    closing.push(other.remove)
    const window = eventsOf(await fetch(`${balancer.url}/api/live`, { headers: { cookie, [ADDRESS_HEADER]: ADDRESS } }))
    await window.until('hello')
    // Whoever came before the first answer about health found nobody.
    const { broken, sentAgain } = balancer
    let restarting = true
    const statuses = new Map<string, number>()
    const work = async (name: string, once: () => Promise<{ status: number }>) => {
      while (restarting) {
        const { status } = await once()
        statuses.set(`${name} ${status}`, (statuses.get(`${name} ${status}`) ?? 0) + 1)
      }
    }
    const who = { cookie, address: ADDRESS }
    const filesOf = (text: string) => [...new Set(text.match(/\/assets\/[\w.-]+/g))].sort()
    const files = filesOf((await send(town, who, 'GET', '/inicio')).text)
    const workers = [
      work('file', async () => {
        const page = await send(town, who, 'GET', '/inicio')
        const answers = await Promise.all([...files, ...filesOf(page.text)].map((path) => send(town, who, 'GET', path)))
        return answers.find(({ status }) => status !== 200) ?? page
      }),
      work('look', () => send(town, who, 'GET', '/inicio/mis-clases-virtuales')),
      work('look', () => send(town, who, 'GET', '/api/my-classes')),
      work('choose', () => send(town, who, 'POST', '/preferencias', { form: { idioma: 'es' } })),
      work('choose', () => send(town, who, 'POST', '/preferencias', { form: { idioma: 'es' } })),
    ]
    await processes.restartWeb(other.main)
    restarting = false
    await Promise.all(workers)
    expect([...statuses.keys()].sort()).toEqual(['choose 303', 'file 200', 'look 200'])
    expect(filesOf((await send(town, who, 'GET', '/inicio')).text)).not.toEqual(files)
    expect([balancer.broken, balancer.sentAgain]).toEqual([broken, sentAgain])
    for (let event = await window.next(); event !== null; event = await window.next()) expect(['missed', 'class']).toContain(event.event)
    const again = eventsOf(await fetch(`${balancer.url}/api/live`, { headers: { cookie, [ADDRESS_HEADER]: ADDRESS } }))
    await again.until('hello')
    await again.close()
  })
})
