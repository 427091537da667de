import type { TimelineEvent } from '../../../features/timeline/events.ts'
import { datesIn } from '../../../kernel/dates.ts'
import { type Locale, textIn } from '../../../kernel/locale.ts'
import { wallTime } from '../../../kernel/zoned-time.ts'
import * as en from './text.en.ts'
import * as es from './text.es.ts'
import type { Said, Saying } from './view.ts'

/** One event in words, for pages and files. */
export function saidOf(event: TimelineEvent, locale: Locale): Said {
  const dates = datesIn(locale)
  const words = textIn(locale, { es: es.EVENTS, en: en.EVENTS })[event.kind] as (event: TimelineEvent, say: Saying) => Said
  return words(event, {
    hour: ({ startsAt, endsAt }) => `${dates.weekday(startsAt)} ${dates.date(startsAt)}, ${dates.timeRange(startsAt, endsAt)}`,
    time: (instant) => wallTime(instant),
  })
}
