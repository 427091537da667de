/**
 * A pure function that knows its latest answers: for what is asked for over and over, and takes longer to find out than to look up. At most `max`
 * are kept; then it begins anew, which costs less than finding out which of them nobody needs. Answers are shared, so they must not be changed.
 */
export function remember<K, V>(max: number, find: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>()
  return (key) => {
    const before = known.get(key)
    if (before !== undefined) return before
    const found = find(key)
    if (known.size >= max) known.clear()
    known.set(key, found)
    return found
  }
}
