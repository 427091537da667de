import { fromPesos } from '../../kernel/money.ts'
import { addDays, instantAt, type WallDate, weekdayOf } from '../../kernel/zoned-time.ts'
import type { AdminClass } from '../pages/admin/view.ts'
import type { Day, Slot } from '../pages/booking/view.ts'
import type { Policy } from '../pages/policy.ts'
import type { Chrome, Person } from '../ui/chrome.ts'
import type { ClassCard, GuestSeat } from '../ui/class-card.ts'
import type { OpenBookingView } from '../ui/open-bookings.tsx'
import type { Price } from '../ui/prices.tsx'

/** Sample data for the gallery: a Monday afternoon in November 2026, long names and long objectives included. */
export const TODAY: WallDate = '2026-11-23'
export const NOW = instantAt(TODAY, '13:36')

export const LONG_NAME = 'Maximiliano Bartolomé Fernández-Etchegaray de la Fuente Ríos'
export const LONG_OBJECTIVE =
  'Entrevista de trabajo: contar mi experiencia, hacer preguntas sobre el puesto y acordar próximos pasos.'.slice(0, 100)

export const ANA: Person = { name: 'Ana Ruiz', email: 'ana.ruiz@example.com', isAdmin: false }
export const TEACHER: Person = { name: 'Bianca Molina', email: 'profe@example.com', isAdmin: true }
export const GIVES: Person = { name: 'Ana Ruiz', email: 'ana@academia.example', isAdmin: false, teaches: true }

export const PRICES: readonly Price[] = [
  { type: 'individual', people: 1, total: fromPesos(15_000) },
  { type: 'grupal', people: 2, total: fromPesos(30_000) },
  { type: 'grupal', people: 3, total: fromPesos(36_000) },
  { type: 'grupal', people: 4, total: fromPesos(48_000) },
  { type: 'grupal', people: 5, total: fromPesos(60_000) },
]

export const POLICY: Policy = {
  slotMinutes: 60,
  holdMinutes: 20,
  joinLeadMinutes: 60,
  joinCutoff: 'end',
  refundHours: 24,
  rescheduleHours: 12,
  maxReschedules: 2,
}

export function chrome(path: string, more: Partial<Chrome> = {}): Chrome {
  return { asset: (name) => `/assets/${name}`, theme: 'system', path, person: ANA, now: NOW, ...more }
}

export function at(date: WallDate, time: string): Date {
  return instantAt(date, time)
}

/** A week with open hours from Monday to Saturday; `busy` says which slots are gone. */
export function week(monday: WallDate, busy: (date: WallDate, hour: number) => boolean = everyThird): Day[] {
  return Array.from({ length: 7 }, (_, index) => {
    const date = addDays(monday, index)
    const hours = weekdayOf(date) === 7 ? [] : Array.from({ length: 12 }, (_, hour) => 9 + hour)
    return { date, slots: hours.map((hour) => slotAt(date, hour, busy(date, hour))) }
  })
}

/** What is offered instead of a slot that is gone. */
export const ALTERNATIVES: readonly Slot[] = [16, 17, 19].map((hour) => ({
  start: at('2026-11-26', `${hour}:00`),
  end: at('2026-11-26', `${hour + 1}:00`),
  state: 'free' as const,
}))

const OWN_HOURS: Record<number, 'mine' | 'unpaid' | 'processing' | undefined> = { 17: 'processing', 18: 'unpaid', 19: 'mine' }

function slotAt(date: WallDate, hour: number, taken: boolean): Slot {
  const start = at(date, `${String(hour).padStart(2, '0')}:00`)
  const end = new Date(start.getTime() + 3_600_000)
  const tooSoon = start.getTime() < NOW.getTime() + 2 * 3_600_000
  if (tooSoon) return { start, end, state: 'unavailable' }
  const own = date === '2026-11-27' ? OWN_HOURS[hour] : undefined
  if (own) return { start, end, state: own, href: '/inicio/mis-clases-virtuales' }
  return { start, end, state: taken ? 'taken' : 'free' }
}

function everyThird(date: WallDate, hour: number): boolean {
  return (Number(date.slice(8)) * 7 + hour * 5) % 3 === 0
}

export function guestSeat(name: string, more: Partial<GuestSeat> = {}): GuestSeat {
  return { participationId: name.toLowerCase().replaceAll(/\W+/g, '-'), name, joinedAt: at(TODAY, '13:05'), enteredAt: null, ...more }
}

export function classCard(id: string, date: WallDate, time: string, more: Partial<ClassCard> = {}): ClassCard {
  const startsAt = at(date, time)
  const endsAt = new Date(startsAt.getTime() + 3_600_000)
  return {
    id,
    startsAt,
    endsAt,
    type: 'grupal',
    role: 'anfitrion',
    status: 'scheduled',
    cancelReason: null,
    people: 2,
    peopleMax: 3,
    activity: { state: 'pending', href: null },
    accessCode: 'K7Q2MX9D',
    objective: 'Entrevista de trabajo: contar mi experiencia y hacer preguntas',
    hostName: 'Ana Ruiz',
    guests: more.type === 'individual' || more.role === 'participante' ? [] : [guestSeat('Mateo Quiroga')],
    canLeave: false,
    joinFrom: new Date(startsAt.getTime() - 3_600_000),
    joinUntil: endsAt,
    cancel: 'full',
    rescheduleHref: `/inicio/mis-clases-virtuales/${id}/reprogramar`,
    ...more,
  }
}

const ALONE = { type: 'individual', people: 1, peopleMax: 1 } as const
const GUEST = { role: 'participante', accessCode: null, hostName: 'Sofía Pereyra', cancel: null, rescheduleHref: null } as const
const CANCELLED = {
  status: 'cancelled',
  accessCode: null,
  cancel: null,
  rescheduleHref: null,
  activity: { state: 'none', href: null },
} as const

export const OPEN_NOW = classCard('c1', TODAY, '14:00', { cancel: 'none', rescheduleHref: null })
export const CLASSES: readonly ClassCard[] = [
  OPEN_NOW,
  classCard('c2', '2026-12-01', '10:00', { ...ALONE, accessCode: 'P4X8LQ2R' }),
  classCard('c3', '2026-12-04', '19:00', { ...GUEST, people: 5, peopleMax: 5 }),
  classCard('c4', '2026-12-07', '18:00', { ...CANCELLED, people: 1, peopleMax: 2, cancelReason: 'admin_cancelled' }),
]

export const PAST: readonly ClassCard[] = [
  ...CLASSES.slice(1).reverse(),
  classCard('p1', '2026-11-19', '18:00', {
    status: 'completed',
    people: 3,
    accessCode: null,
    cancel: null,
    rescheduleHref: null,
    activity: { state: 'available', href: null },
  }),
  classCard('p2', '2026-11-12', '18:00', {
    ...GUEST,
    status: 'completed',
    people: 4,
    peopleMax: 4,
    activity: { state: 'done', href: null },
  }),
  classCard('p3', '2026-11-10', '09:00', { ...ALONE, ...CANCELLED, cancelReason: 'hold_expired' }),
  classCard('p4', '2026-11-06', '20:00', { ...ALONE, ...CANCELLED, cancelReason: 'payment_rejected' }),
  classCard('p5', '2026-11-05', '20:00', { ...ALONE, ...CANCELLED, cancelReason: 'host_cancelled', cancelNote: 'givenUp' }),
]

export function openBooking(more: Partial<OpenBookingView> = {}): OpenBookingView {
  return {
    classId: 'c9',
    start: at('2026-11-27', '18:00'),
    end: at('2026-11-27', '19:00'),
    type: 'individual',
    people: 1,
    text: '',
    standing: 'unpaid',
    slot: 'held',
    keptUntil: null,
    expiresAt: new Date(NOW.getTime() + 14 * 60_000),
    rejection: null,
    resumeHref: '/inicio/pre-compra',
    ...more,
  }
}

export function adminClass(id: string, date: WallDate, time: string, more: Partial<AdminClass> = {}): AdminClass {
  const startsAt = at(date, time)
  return {
    id,
    startsAt,
    endsAt: new Date(startsAt.getTime() + 3_600_000),
    type: 'grupal',
    people: 2,
    peopleMax: 3,
    hostName: 'Ana Ruiz',
    guestNames: ['Bruno Sosa'],
    objective: 'Practicar una entrevista de trabajo en inglés',
    status: 'scheduled',
    cancelReason: null,
    accessCode: 'K7Q2MX9D',
    meetHref: 'https://meet.google.com/abc-defg-hij',
    calendarHref: 'https://www.google.com/calendar/event?eid=abc',
    calendar: 'synced',
    activity: 'none',
    canCancel: true,
    rescheduleHref: `/admin/clases/${id}/reprogramar`,
    paid: fromPesos(36_000),
    returned: 0,
    ...more,
  }
}

export const ALONE_ADMIN: Partial<AdminClass> = {
  type: 'individual',
  people: 1,
  peopleMax: 1,
  hostName: 'Carlos Paz',
  guestNames: [],
  objective: null,
  paid: fromPesos(15_000),
}
