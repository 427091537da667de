interface Desk {
  running: Promise<unknown>
  next: Promise<unknown> | null
}

const desks = new WeakMap<object, Map<string, Desk>>()

/**
 * Reads what many ask for at the same moment once for all of them. An answer is never older than its question: whoever comes while one is under way
 * gets the next one, which begins when that has ended. So for each key there is never more than one under way and one waiting. `read` of whoever is
 * first answers everybody who asks under the same key of the same `owner`, so the key has to say all that the answer depends on; a failure is
 * everybody's, too. What comes is shared: nobody may change anything in it.
 */
export function askTogether<T>(owner: object, key: string, read: () => Promise<T>): Promise<T> {
  const ofOwner = desks.get(owner) ?? new Map<string, Desk>()
  desks.set(owner, ofOwner)
  const begin = (): Promise<T> => {
    // Also one that throws before it begins is an answer that fails: nobody may wait behind it for ever.
    const reading = (async () => read())()
    const desk: Desk = { running: reading, next: null }
    ofOwner.set(key, desk)
    const close = () => {
      // With somebody waiting, their reading takes this place.
      if (!desk.next) ofOwner.delete(key)
    }
    reading.then(close, close)
    return reading
  }
  const desk = ofOwner.get(key)
  if (!desk) return begin()
  desk.next ??= desk.running.then(begin, begin)
  return desk.next as Promise<T>
}
