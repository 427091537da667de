import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { stream } from 'hono/streaming'
import { z } from 'zod'
import { badControlRequest, controlError, readControlBody } from '../kernel/body.ts'
import type { SandboxClock } from '../kernel/clock.ts'
import { refuseForeignOrigin } from '../kernel/guard.ts'
import type { SandboxPart } from '../kernel/parts.ts'
import type { RequestLog } from '../kernel/request-log.ts'
import { indexPage, logPage, type SandboxInfo } from './pages.ts'

export interface HubOptions {
  clock: SandboxClock
  log: RequestLog
  parts: Record<'google' | 'mercado-pago' | 'mail', SandboxPart>
  /** Runs what is due in every part. */
  tick(): Promise<void>
  info(): SandboxInfo
  /** How many mails wait in the mailbox. */
  mails(): number
  /** How many it has taken in, also those that were thrown away since. */
  mailsReceived(): number
}

const BODY_BYTES_MAX = 1_048_576
const LOG_PAGE_ENTRIES = 200
const CLOCK_FOLLOWERS_MAX = 100
/** A line also while nothing moves, so that a follower whose connection died notices. */
const CLOCK_TOLD_EVERY_MS = 10_000
const CLOCK_MS_MAX = 20 * 366 * 86_400_000

const ClockMove = z.union([
  z.strictObject({ advanceMs: z.int().min(-CLOCK_MS_MAX).max(CLOCK_MS_MAX) }),
  z.strictObject({
    advanceMinutes: z
      .number()
      .min(-CLOCK_MS_MAX / 60_000)
      .max(CLOCK_MS_MAX / 60_000),
  }),
  z.strictObject({ set: z.iso.datetime({ offset: true }) }),
])
const ResetInput = z.strictObject({ clock: z.boolean().default(false) })

/** The sandbox's own port: index page, mailbox and the control API of everything. */
export function createHub({ clock, log, parts, tick, info, mails, mailsReceived }: HubOptions): Hono {
  const app = new Hono()
  app.use(bodyLimit({ maxSize: BODY_BYTES_MAX }))
  app.use(refuseForeignOrigin)
  app.get('/', (c) => c.html(indexPage(info(), { now: clock.now(), offsetMs: clock.offsetMs, mails: mails() })))
  app.get('/healthz', (c) => c.json({ ok: true, now: clock.now().toISOString(), requests: log.count(), mails: mailsReceived() }))
  app.get('/log', (c) => c.html(logPage(log.entries(logFilter(c.req.query())).slice(-LOG_PAGE_ENTRIES).reverse())))
  app.route('/mailbox', parts.mail.app)

  app.get('/__control/info', (c) => c.json(info()))

  const time = () => ({ now: clock.now().toISOString(), offsetMs: clock.offsetMs })
  app.get('/__control/clock', (c) => c.json(time()))
  app.post('/__control/clock', async (c) => {
    const move = await readControlBody(c, ClockMove)
    if ('set' in move) clock.set(new Date(move.set))
    else clock.advance('advanceMs' in move ? move.advanceMs : Math.round(move.advanceMinutes * 60_000))
    await tick()
    return c.json(time())
  })
  let followers = 0
  /** One line of JSON at once and after every move: how a process elsewhere follows this clock. */
  app.get('/__control/clock/moves', (c) => {
    if (followers >= CLOCK_FOLLOWERS_MAX) throw controlError(409, `At most ${CLOCK_FOLLOWERS_MAX} can follow the clock.`)
    return stream(c, async (out) => {
      followers += 1
      const gone = Promise.withResolvers<void>()
      const tell = () => void out.write(`${JSON.stringify(time())}\n`).catch(gone.resolve)
      const timer = setInterval(tell, CLOCK_TOLD_EVERY_MS)
      timer.unref()
      const stopFollowing = clock.onMove(tell)
      out.onAbort(gone.resolve)
      tell()
      await gone.promise
      clearInterval(timer)
      stopFollowing()
      followers -= 1
    })
  })
  app.post('/__control/tick', async (c) => {
    await tick()
    return c.json(time())
  })

  app.get('/__control/log', (c) => c.json({ requests: log.entries(logFilter(c.req.query())) }))
  app.delete('/__control/log', (c) => {
    log.clear()
    return c.body(null, 204)
  })

  app.post('/__control/reset', async (c) => {
    const input = await readControlBody(c, ResetInput)
    for (const part of Object.values(parts)) part.reset()
    log.clear()
    if (input.clock) clock.advance(-clock.offsetMs)
    return c.json(time())
  })

  app.get('/__control/state', (c) => {
    const states = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.snapshot()]))
    return c.json({ clock: time(), ...withoutSigningKeys(states) })
  })

  for (const [name, part] of Object.entries(parts)) app.route(`/__control/${name}`, part.control)
  app.notFound((c) => c.json({ error: `There is no ${c.req.method} ${c.req.path} in the sandbox.` }, 404))
  app.onError((error) => {
    if (error instanceof HTTPException) return error.res ?? Response.json({ error: error.message }, { status: error.status })
    process.emitWarning(error)
    return Response.json({ error: error.message }, { status: 500 })
  })
  return app
}

function logFilter(query: Record<string, string>): { part?: string; method?: string; path?: string } {
  const { part, method, path, ...unknown } = query
  if (Object.keys(unknown).length > 0)
    throw badControlRequest(`Unknown filters: ${Object.keys(unknown).join(', ')}. Known: part, method, path.`)
  return { ...(part && { part }), ...(method && { method: method.toUpperCase() }), ...(path && { path }) }
}

function withoutSigningKeys(states: Record<string, unknown>): Record<string, unknown> {
  const { keys: _, ...google } = states.google as { keys?: unknown }
  return { ...states, google }
}
