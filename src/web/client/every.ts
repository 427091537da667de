/** The longest pause between two tries of a task that keeps failing. */
const PAUSE_MAX_MS = 60_000

/**
 * Runs `task` now and then every `milliseconds`, only while the page is visible, until `signal` aborts or the task answers `'over'`. After
 * `'later'` (it did not work) the pause doubles, up to a minute. Coming back to the page runs it at once, and so does calling what is returned.
 */
export function every(
  milliseconds: number,
  signal: AbortSignal,
  task: () => 'over' | 'later' | void | Promise<'over' | 'later' | void>,
): () => void {
  let timer: ReturnType<typeof setInterval> | undefined
  let pause = milliseconds
  let running = false
  let wanted = false
  const stop = () => {
    clearInterval(timer)
    timer = undefined
  }
  const restart = () => {
    stop()
    if (!document.hidden && !signal.aborted) timer = setInterval(step, pause)
  }
  const step = async () => {
    if (running || signal.aborted) {
      wanted = running
      return
    }
    running = true
    wanted = false
    const result = await task()
    running = false
    if (result === 'over') {
      stop()
      document.removeEventListener('visibilitychange', follow)
      return
    }
    if (wanted) void step()
    const next = result === 'later' ? Math.min(pause * 2, PAUSE_MAX_MS) : milliseconds
    if (next === pause) return
    pause = next
    restart()
  }
  const follow = () => {
    restart()
    if (timer !== undefined) void step()
  }
  document.addEventListener('visibilitychange', follow, { signal })
  signal.addEventListener('abort', stop)
  follow()
  return () => void step()
}
