import { DEFAULT_OPENING } from '../../features/academy/rules.ts'
import { type WallDate, weekdayOf } from '../../kernel/zoned-time.ts'
import { CalendarPage } from '../pages/calendar/calendar.tsx'
import { type CalendarView, daysOf, type MonthDay, type OwnMark } from '../pages/calendar/view.ts'
import type { Sample } from './sample.ts'
import { chrome, TODAY, week } from './samples.ts'

const OWN: Readonly<Record<WallDate, OwnMark>> = {
  '2026-11-12': 'mine',
  '2026-11-24': 'unpaid',
  '2026-11-26': 'mine',
  '2026-11-27': 'processing',
}

function monthDay(date: WallDate): MonthDay {
  const own = OWN[date] ?? null
  if (date < TODAY) return { date, state: 'over', free: 0, own }
  if (weekdayOf(date) === 7) return { date, state: 'closed', free: 0, own }
  const free = (Number(date.slice(8)) * 5) % 13
  return { date, state: free === 0 ? 'full' : 'free', free, own }
}

const CALENDAR: CalendarView = {
  month: '2026-11',
  days: daysOf('2026-11').map(monthDay),
  today: TODAY,
  previousMonth: null,
  nextMonth: '2026-12',
  opened: { date: '2026-11-27', slots: week('2026-11-23').find((day) => day.date === '2026-11-27')?.slots ?? [] },
  opening: DEFAULT_OPENING,
  slotMinutes: 60,
  holdMinutes: 20,
  calendarUnreadable: false,
}

const calendario = chrome('/inicio/calendario')

/** The month to look at. */
export const calendarPages: readonly Sample[] = [
  { name: 'calendario', page: <CalendarPage chrome={calendario} {...CALENDAR} /> },
  {
    name: 'calendario-horizonte',
    page: (
      <CalendarPage
        chrome={calendario}
        {...CALENDAR}
        month="2027-01"
        days={daysOf('2027-01').map((date) => (date > '2027-01-22' ? { date, state: 'beyond', free: 0, own: null } : monthDay(date)))}
        previousMonth="2026-12"
        nextMonth={null}
        opened={{ date: '2027-01-24', slots: [] }}
        opening={[
          { weekday: 1, opens: '09:00', closes: '13:00' },
          { weekday: 1, opens: '15:00', closes: '21:00' },
          { weekday: 3, opens: '09:00', closes: '24:00' },
        ]}
      />
    ),
  },
  {
    name: 'calendario-sin-agenda',
    page: (
      <CalendarPage
        chrome={calendario}
        {...CALENDAR}
        days={CALENDAR.days.map((day) => (day.state === 'free' || day.state === 'full' ? { ...day, state: 'unknown', free: 0 } : day))}
        opened={null}
        calendarUnreadable
      />
    ),
  },
]
