import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onFreePorts } from '../support/ports.ts'
import { programOf } from '../support/program.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** No measures of speed: a machine may be busy with other things. */
const START_LIMIT_MS = 240_000
const STOP_LIMIT_MS = 60_000
/** A Monday, 09:00 in Argentina: journeys meet the same slots and the same months at whatever hour of whatever day they run. */
const BEGINNING = '2026-11-23T12:00:00.000Z'
/** The product takes five ports in a row: its own, hub, Google, Mercado Pago, SMTP. */
const PORTS_IN_A_ROW = 5

export interface Product {
  baseUrl: string
  hub: string
  /** Milliseconds from starting the process to the first answer. */
  startedInMs: number
  /** Everything it printed. */
  output(): string
  control(path: string, body?: unknown, method?: string): Promise<Record<string, unknown>>
  /** What the sandbox's clock says. */
  now(): Promise<Date>
  /** Ends the process: with SIGTERM as an operator, or SIGKILL as a power cut. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<number | null>
  /** Starts it again on the same data and ports. */
  restart(): Promise<Product>
  /** Ends it and removes its data. */
  dispose(): Promise<void>
}

/** The built product as `npm start` runs it, with its sandboxes, on free ports and a data folder of its own; its clock stands at `BEGINNING`. */
export async function startProduct(env: Record<string, string> = {}): Promise<Product> {
  const dataDir = await mkdtemp(join(tmpdir(), 'hablainglesya-e2e-'))
  await setClockBefore(dataDir)
  const product = await onFreePorts(PORTS_IN_A_ROW, (first) => launch(first, dataDir, env))
  const ahead = (await product.now()).getTime() - Date.parse(BEGINNING)
  if (ahead < 0 || ahead > 2 * START_LIMIT_MS) throw new Error(`The clock of the product stands ${ahead} ms after the beginning`)
  return product
}

/** All that the sandboxes remember is how their clock goes, so that nothing ever happened at another time. */
async function setClockBefore(dataDir: string): Promise<void> {
  const clockOffsetMs = Date.parse(BEGINNING) - Date.now()
  await writeFile(join(dataDir, 'sandbox.json'), JSON.stringify({ version: 1, clockOffsetMs, parts: {} }))
}

async function launch(port: number, dataDir: string, env: Record<string, string>): Promise<Product> {
  const baseUrl = `http://localhost:${port}`
  const hub = `http://127.0.0.1:${port + 1}`
  const started = performance.now()
  const child = spawn(process.execPath, programOf('start', env), {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PORT: String(port),
      DATA_DIR: dataDir,
      LOG_LEVEL: 'warn',
      RATE_LIMIT_SCALE: '100',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  await untilReady(child, () => output)
  const product: Product = {
    baseUrl,
    hub,
    startedInMs: performance.now() - started,
    output: () => output,
    async control(path, body, method = body === undefined ? 'GET' : 'POST') {
      const answer = await fetch(`${hub}/__control${path}`, {
        method,
        ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      })
      if (!answer.ok) throw new Error(`${method} /__control${path} → ${answer.status} ${await answer.text()}`)
      return (await answer.json()) as Record<string, unknown>
    },
    now: async () => new Date(String((await product.control('/clock')).now)),
    stop: (signal = 'SIGTERM') => stopChild(child, signal),
    restart: () => launch(port, dataDir, env),
    async dispose() {
      await stopChild(child, 'SIGTERM')
      await rm(dataDir, { recursive: true, force: true })
    },
  }
  return product
}

function untilReady(child: ChildProcess, output: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`The product did not start in ${START_LIMIT_MS} ms:\n${output()}`)), START_LIMIT_MS)
    const look = () => {
      if (!output().includes('Listo en')) return
      clearTimeout(limit)
      resolve()
    }
    child.stdout?.on('data', look)
    child.once('exit', (code) => {
      clearTimeout(limit)
      reject(new Error(`The product ended with ${code}:\n${output()}`))
    })
  })
}

function stopChild(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode)
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`The product did not stop in ${STOP_LIMIT_MS} ms`)), STOP_LIMIT_MS)
    child.once('exit', (code) => {
      clearTimeout(limit)
      resolve(code)
    })
    child.kill(signal)
  })
}
