import { raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'

/**
 * Keeps parts of pages as text that are the same for everybody. The key has to say everything that the text depends on, language and zone included,
 * and nothing of a person may be in it. At most `max` are kept; then it begins anew.
 */
export function keep(max: number): (key: string, draw: () => unknown) => HtmlEscapedString {
  const known = new Map<string, HtmlEscapedString>()
  return (key, draw) => {
    const before = known.get(key)
    if (before) return before
    const text = raw(String(draw()))
    if (known.size >= max) known.clear()
    known.set(key, text)
    return text
  }
}
