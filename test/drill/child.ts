import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** A process of the drill. */
export interface Child {
  readonly pid: number
  readonly alive: boolean
  /** Resolves when it is gone. */
  readonly gone: Promise<void>
  /** The end of everything it printed. */
  output(): string
  /** Ends it with this signal and waits; after a while it is killed. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const READY_LIMIT_MS = 240_000
const END_LIMIT_MS = 60_000
const OUTPUT_KEPT = 20_000

const children = new Set<ChildProcess>()
// However the drill ends, nothing it started stays behind.
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL')
})

/** Starts a program of this product with this Node and waits until it prints `ready`. Throws with what it printed when it does not. */
export async function startChild(
  args: readonly string[],
  env: Record<string, string>,
  ready: RegExp,
  onLine: (line: string) => void = () => {},
): Promise<Child> {
  const child = spawn(process.execPath, [...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.add(child)
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => {
      children.delete(child)
      resolve()
    })
  })
  let output = ''
  let rest = ''
  const isReady = Promise.withResolvers<void>()
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      const text = chunk.toString()
      output = (output + text).slice(-OUTPUT_KEPT)
      const lines = (rest + text).split('\n')
      rest = (lines.pop() ?? '').slice(-OUTPUT_KEPT)
      for (const line of lines) onLine(line)
      if (ready.test(output)) isReady.resolve()
    })
  child.once('error', isReady.reject)
  void gone.then(() => isReady.reject(new Error(`${args.at(-1)} ended before it was ready:\n${output}`)))
  const limit = setTimeout(() => isReady.reject(new Error(`${args.at(-1)} was not ready in time:\n${output}`)), READY_LIMIT_MS)
  try {
    await isReady.promise
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  } finally {
    clearTimeout(limit)
  }
  return {
    pid: child.pid ?? 0,
    get alive() {
      return children.has(child)
    },
    gone,
    output: () => output,
    async end(signal) {
      if (!children.has(child)) return
      const impatience = setTimeout(() => child.kill('SIGKILL'), END_LIMIT_MS)
      child.kill(signal)
      await gone
      clearTimeout(impatience)
    },
  }
}
