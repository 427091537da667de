import { now, setNow } from './clock.ts'
import { every } from './every.ts'
import { isBusy, refreshMain } from './refresh.ts'

const ASK_MS = 5_000
/** Less than this is the network's doing. */
const JUMP_MS = 30_000

/**
 * The sandbox's clock can be moved while a page is open: the page notices and is written again for the new hour. Real time does not jump,
 * so pages without the sandbox's ribbon never ask.
 */
export function mountJumps(root: ParentNode, signal: AbortSignal): void {
  if (!root.querySelector('[data-sandbox]')) return
  every(ASK_MS, signal, async () => {
    const served = await servedNow(signal)
    if (served === null || Math.abs(served - now()) < JUMP_MS) return
    if (!isBusy() && (await refreshMain())) return 'over'
    setNow(served)
  })
}

async function servedNow(signal: AbortSignal): Promise<number | null> {
  try {
    const response = await fetch('/healthz', { signal })
    const { now: served } = (await response.json()) as { now?: string }
    return served === undefined ? null : Date.parse(served)
  } catch {
    return null
  }
}
