/**
 * Reads what many ask for at the same moment once for all of them. An answer is never older than its question: whoever comes while one is under way
 * gets the next one, which begins when that has ended. So there are never more than one under way and one waiting for each key.
 */
export interface Together<T> {
  /** `read` of whoever is first answers everybody who asks under the same key; a failure is everybody's, too. What comes is shared: change nothing in it. */
  ask(key: string, read: () => Promise<T>): Promise<T>
}

interface Desk<T> {
  running: Promise<T>
  next: Promise<T> | null
}

export function createTogether<T>(): Together<T> {
  const desks = new Map<string, Desk<T>>()

  function begin(key: string, read: () => Promise<T>): Promise<T> {
    const desk: Desk<T> = { running: read(), next: null }
    desks.set(key, desk)
    const close = () => {
      // With somebody waiting, their reading takes this place.
      if (!desk.next) desks.delete(key)
    }
    desk.running.then(close, close)
    return desk.running
  }

  return {
    ask(key, read) {
      const desk = desks.get(key)
      if (!desk) return begin(key, read)
      const after = () => begin(key, read)
      desk.next ??= desk.running.then(after, after)
      return desk.next
    },
  }
}
