import { createContext, useContext } from 'hono/jsx'
import { useText } from './language.ts'
import { localTime } from './local-time.ts'
import * as en from './text.en.ts'
import * as es from './text.es.ts'

/** The time zone that the reader chose; `render` of `site.tsx` sets it for the whole page. Null: the script asks the browser. */
export const Zone = createContext<string | null>(null)

export function useZone(): string | null {
  return useContext(Zone)
}

/** "Tu hora: 22:00" beside an Argentine time, where the reader's is another. Without a chosen zone only the script knows it. */
export function LocalTime({ instant, class: name }: { instant: Date; class: string }) {
  const zone = useZone()
  const { PARTS } = useText({ es, en })
  const time = zone === null ? null : localTime(instant, zone)
  return (
    <span class={name} data-instant={instant.toISOString()} hidden={time === null}>
      {time === null ? null : PARTS.localTime(time)}
    </span>
  )
}
