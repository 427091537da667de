import { isBusy } from './refresh.ts'

const ASK_MS = 500

/** A function that waits until the page is out of the person's hands and then tells so; asked again meanwhile, it waits just once. */
export function freeWatch(signal: AbortSignal, tell: () => void): () => void {
  let timer: ReturnType<typeof setInterval> | undefined
  const stop = () => {
    clearInterval(timer)
    timer = undefined
  }
  signal.addEventListener('abort', stop)
  return () => {
    if (signal.aborted) return
    timer ??= setInterval(() => {
      if (document.hidden || isBusy()) return
      stop()
      tell()
    }, ASK_MS)
  }
}
