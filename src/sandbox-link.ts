import type { Clock } from './kernel/clock.ts'
import { describeFailure } from './kernel/failure.ts'

/** As much of the sandbox as the product needs, whichever process it runs in. */
export interface SandboxLink {
  clock: Clock & {
    /** Calls the listener after every move. Returns the function that stops it. */
    onMove(listener: () => void): () => void
  }
  urls: { hub: string }
  /** Environment variables to run with. */
  settings: Record<string, string>
  accounts: readonly { email: string; name: string; role: 'admin' | 'student' }[]
  close(): Promise<void>
}

const ANSWER_LIMIT_MS = 10_000
/** While the sandbox is away its clock goes on at real pace; it is asked again this often. */
const RECONNECT_MS = 250
/** One line of the stream is a few dozen characters. */
const LINE_CHARACTERS_MAX = 1_000

/**
 * Joins sandboxes that run in a process of their own (`sandbox/main.ts`): takes their settings and follows their clock. `hub` is the address
 * of their control API, without trailing slash. Throws when none answers there, in words that name the variable to set right.
 */
export async function linkSandbox(hub: string): Promise<SandboxLink> {
  try {
    return await join(hub)
  } catch (error) {
    // In the message and not as a cause, because of an error the start says the first cause.
    const why = describeFailure(error).error.replace(/^\w*Error: /, '')
    throw new Error(
      `SANDBOX_URL: en ${hub} no contesta ningún entorno de prueba (${why}). Iniciá "npm run sandbox" y poné la dirección que muestra.`,
    )
  }
}

async function join(hub: string): Promise<SandboxLink> {
  const answer = await fetch(`${hub}/__control/info`, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) })
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`)
  const { urls, settings, accounts } = (await answer.json()) as Pick<SandboxLink, 'urls' | 'settings' | 'accounts'>
  const follower = followClock(hub)
  await follower.known
  return { clock: follower.clock, urls, settings, accounts, close: follower.stop }
}

function followClock(hub: string): { clock: SandboxLink['clock']; known: Promise<void>; stop(): Promise<void> } {
  const listeners = new Set<() => void>()
  const stopping = new AbortController()
  const known = Promise.withResolvers<void>()
  let offsetMs = 0

  function moveTo(line: string): void {
    const before = offsetMs
    offsetMs = (JSON.parse(line) as { offsetMs: number }).offsetMs
    known.resolve()
    if (offsetMs !== before) for (const listener of listeners) listener()
  }

  async function follow(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        const answer = await fetch(`${hub}/__control/clock/moves`, { signal: stopping.signal })
        for await (const line of linesOf(answer)) moveTo(line)
      } catch (error) {
        if (!stopping.signal.aborted) known.reject(error)
      }
      if (!stopping.signal.aborted) await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS))
    }
  }

  const following = follow()
  return {
    clock: {
      now: () => new Date(Date.now() + offsetMs),
      onMove(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
    known: known.promise,
    async stop() {
      stopping.abort()
      await following
    },
  }
}

async function* linesOf(answer: Response): AsyncGenerator<string> {
  if (!answer.ok || !answer.body) throw new Error(`The sandbox does not tell its time: ${answer.status}`)
  let rest = ''
  for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > LINE_CHARACTERS_MAX) throw new Error('The sandbox tells its time in a line without end')
    yield* lines
  }
}
