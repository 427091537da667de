/** Calls `hide` so long after the last call of what it returns: said again meanwhile, something is there for its whole time again. */
export function fadeAfter(shownMs: number, hide: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  return () => {
    clearTimeout(timer)
    timer = setTimeout(hide, shownMs)
  }
}
