import { z } from 'zod'
import { createGoogleSandbox, type GoogleSandbox } from './google/index.ts'
import { createHub } from './hub/index.ts'
import { createSandboxClock, type SandboxClock } from './kernel/clock.ts'
import type { PartContext, SandboxPart } from './kernel/parts.ts'
import { createRequestLog } from './kernel/request-log.ts'
import { openServer, type PartFetch } from './kernel/server.ts'
import { openStateFile, type StateFile } from './kernel/state-file.ts'
import { createTicker } from './kernel/ticker.ts'
import { createLlmSandbox, LLM_KEY, LLM_MODEL } from './llm/index.ts'
import { createMailbox, type Mailbox } from './mailbox/index.ts'
import { openSmtpServer } from './mailbox/smtp.ts'
import { createMercadoPagoSandbox } from './mercado-pago/index.ts'

export interface SandboxOptions {
  /** Ports on 127.0.0.1; 0 takes any free one. */
  ports: { hub: number; google: number; mercadoPago: number; smtp: number /** Only where a model is wanted. */; llm?: number }
  /** Where the sandbox remembers everything between runs; without it, it forgets. */
  dataFile?: string
  clock?: SandboxClock
  /** Redirect URIs registered at the OAuth client. */
  redirectUris: string[]
  /** Address of the application, for links. */
  appUrl: string
  /** How Mercado Pago's and Google's notifications are delivered; default `fetch`. */
  deliver?: (request: Request) => Promise<Response>
  /** A second secret that the application is told to accept, too: of notifications sent for another application of the same seller. */
  secondSecret?: string
  /** Accept plain loopback addresses for Google's calendar channels. */
  allowLoopbackWebhooks?: boolean
}

export interface RunningSandbox {
  clock: SandboxClock
  urls: { hub: string; google: string; mercadoPago: string; checkoutOrigin: string }
  /** Environment variables to run the application with. */
  settings: Record<string, string>
  accounts: { email: string; name: string; sub: string; role: 'admin' | 'student' }[]
  parts: { google: GoogleSandbox; mercadoPago: SandboxPart; mailbox: Mailbox }
  /** Runs what is due in every part; runs never overlap. */
  tick(): Promise<void>
  close(): Promise<void>
}

const CLIENT_ID = '406812345678-sandbox.apps.googleusercontent.com'
const CLIENT_SECRET = 'GOCSPX-local-sandbox'
const ACCESS_TOKEN = 'APP_USR-4068123456789012-010126-local-sandbox-246813579'
const WEBHOOK_SECRET = 'local-sandbox-secret'
const COLLECTOR_ID = 246_813_579
const TICK_EVERY_MS = 1_000

const StoredSandbox = z.object({ version: z.literal(1), clockOffsetMs: z.number(), parts: z.record(z.string(), z.unknown()) })

/** Starts Google, Mercado Pago, the mailbox and the hub. Throws, with everything closed again, when a port is taken. */
export async function startSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const clock = options.clock ?? createSandboxClock()
  const log = createRequestLog(() => clock.now())
  const opened: { close(): Promise<void> }[] = []
  const closeAll = async () => {
    for (const one of opened.toReversed()) await one.close()
  }
  const open = async <Server extends { close(): Promise<void> }>(opening: Promise<Server>): Promise<Server> => {
    const server = await opening
    opened.push(server)
    return server
  }
  try {
    const hubServer = await open(openServer('the hub', options.ports.hub))
    const googleServer = await open(openServer('Google', options.ports.google))
    const mercadoPagoServer = await open(openServer('Mercado Pago', options.ports.mercadoPago))

    const llmServer = options.ports.llm === undefined ? null : await open(openServer('the model', options.ports.llm))

    let file: StateFile | undefined
    const context = (origin: string): PartContext => ({ clock, log, origin, changed: () => file?.changed() })
    const deliver = options.deliver && { deliver: options.deliver }
    const google = createGoogleSandbox(context(googleServer.origin), {
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      redirectUris: options.redirectUris,
      ...deliver,
      ...(options.allowLoopbackWebhooks && { allowLoopbackWebhooks: true }),
    })
    const mercadoPago = createMercadoPagoSandbox(context(mercadoPagoServer.origin), {
      accessToken: ACCESS_TOKEN,
      webhookSecret: WEBHOOK_SECRET,
      collectorId: COLLECTOR_ID,
      ...deliver,
    })
    const mailbox = createMailbox(context(hubServer.origin))
    const smtpServer = await open(openSmtpServer(mailbox, options.ports.smtp))
    const llm = llmServer && createLlmSandbox(context(llmServer.origin))
    const parts = { google, 'mercado-pago': mercadoPago, mail: mailbox, ...(llm ? { llm } : {}) }

    file = await openStateFile(
      options.dataFile,
      () => ({
        version: 1,
        clockOffsetMs: clock.offsetMs,
        parts: Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.snapshot()])),
      }),
      (stored) => restoreAll(stored, parts, options.clock ? undefined : clock),
    )

    const ticker = createTicker(async () => {
      for (const part of Object.values(parts)) await part.tick()
    })
    const tickUnasked = () => {
      ticker.tick().catch((error) => process.emitWarning(error))
    }
    const timer = setInterval(tickUnasked, TICK_EVERY_MS)
    timer.unref()
    const stopFollowing = clock.onMove(() => {
      file?.changed()
      tickUnasked()
    })

    const urls = {
      hub: hubServer.origin,
      google: googleServer.origin,
      mercadoPago: mercadoPagoServer.origin,
      checkoutOrigin: mercadoPagoServer.origin,
    }
    const smtpUrl = `smtp://127.0.0.1:${smtpServer.port}`
    const secrets = [WEBHOOK_SECRET, ...(options.secondSecret ? [options.secondSecret] : [])].join(',')
    const settings = {
      ...settingsFor(urls, smtpUrl, google),
      MERCADO_PAGO_WEBHOOK_SECRET: secrets,
      ...(llmServer ? modelSettings(llmServer.origin) : {}),
    }
    const hub = createHub({
      clock,
      log,
      parts,
      tick: ticker.tick,
      info: () => ({ appUrl: options.appUrl, urls: { ...urls, smtp: smtpUrl }, settings, accounts: google.accounts() }),
      mails: () => mailbox.mails().length,
      mailsReceived: () => mailbox.received(),
    })
    // A provider remembers what it has answered, whenever the process is killed: ids are never given twice, and no payment is forgotten.
    const remembering =
      (fetch: PartFetch): PartFetch =>
      async (request, env) => {
        const answer = await fetch(request, env)
        await file?.flush().catch((error) => process.emitWarning(error))
        return answer
      }
    hubServer.answerWith(remembering((request, env) => hub.fetch(request, env)))
    googleServer.answerWith(remembering((request, env) => google.app.fetch(request, env)))
    if (llm) llmServer.answerWith((request, env) => llm.app.fetch(request, env))
    mercadoPagoServer.answerWith(remembering((request, env) => mercadoPago.app.fetch(request, env)))

    const shutDown = async () => {
      clearInterval(timer)
      stopFollowing()
      await closeAll()
      for (const part of Object.values(parts)) await part.close()
      await file?.flush()
    }
    let closing: Promise<void> | undefined
    return {
      clock,
      urls,
      settings,
      accounts: google.accounts(),
      parts: { google, mercadoPago, mailbox },
      tick: ticker.tick,
      close() {
        closing ??= shutDown()
        return closing
      },
    }
  } catch (error) {
    await closeAll()
    throw error
  }
}

function settingsFor(urls: RunningSandbox['urls'], smtpUrl: string, google: GoogleSandbox): Record<string, string> {
  return {
    AUTH_GOOGLE_ID: CLIENT_ID,
    AUTH_GOOGLE_SECRET: CLIENT_SECRET,
    GOOGLE_ISSUER_URL: urls.google,
    GOOGLE_API_URL: `${urls.google}/`,
    ADMIN_EMAIL: google.accounts().find((account) => account.role === 'admin')?.email ?? '',
    MERCADO_PAGO_ACCESS_TOKEN: ACCESS_TOKEN,
    MERCADO_PAGO_COLLECTOR_ID: String(COLLECTOR_ID),
    MERCADO_PAGO_API_URL: urls.mercadoPago,
    SMTP_URL: smtpUrl,
    MAIL_FROM: 'HablaInglesYa <clases@hablainglesya.test>',
  }
}

function modelSettings(origin: string): Record<string, string> {
  return { LLM_BASE_URL: `${origin}/v1`, LLM_API_KEY: LLM_KEY, LLM_MODEL }
}

/** Gives every part its state back. When one refuses, all start fresh and the error tells the file to move itself aside. */
function restoreAll(stored: unknown, parts: Record<string, SandboxPart>, clock: SandboxClock | undefined): void {
  const { clockOffsetMs, parts: states } = StoredSandbox.parse(stored)
  try {
    for (const [name, part] of Object.entries(parts)) if (states[name] !== undefined) part.restore(states[name])
  } catch (error) {
    for (const part of Object.values(parts)) part.reset()
    throw error
  }
  clock?.advance(clockOffsetMs)
}
