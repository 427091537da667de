/**
 * Runs `task` now and then every `milliseconds`, only while the page is visible, until `signal` aborts or the task
 * answers `'over'`. Coming back to the page runs it at once.
 */
export function every(milliseconds: number, signal: AbortSignal, task: () => 'over' | void | Promise<'over' | void>): void {
  let timer: ReturnType<typeof setInterval> | undefined
  let running = false
  const stop = () => {
    clearInterval(timer)
    timer = undefined
  }
  const step = async () => {
    if (running) return
    running = true
    const result = await task()
    running = false
    if (result === 'over') {
      stop()
      document.removeEventListener('visibilitychange', follow)
    }
  }
  const follow = () => {
    stop()
    if (document.hidden || signal.aborted) return
    timer = setInterval(step, milliseconds)
    void step()
  }
  document.addEventListener('visibilitychange', follow, { signal })
  signal.addEventListener('abort', stop)
  follow()
}
