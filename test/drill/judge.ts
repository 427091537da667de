import type { EventAtGoogle, PaidMoney } from '../support/books.ts'
import type { Breach } from '../support/invariants.ts'
import type { Hand } from './town.ts'

/** What must never be, also of what only the drill does. */
export type Found = Omit<Breach, 'kind'> & { kind: Breach['kind'] | 'forged' }

/** How a class stands, and what a person was told about it. Milliseconds. */
export interface JudgedClass {
  id: string
  status: string
  startsMs: number
  endsMs: number
  /** The list has ever said that an appointment lies over it. */
  toldOfConflict: boolean
}

export interface Calendar {
  events: readonly EventAtGoogle[]
  classes: readonly JudgedClass[]
  /** What was done by hand, which Google does not tell apart from what the product did. */
  hands: readonly Hand[]
  /** Events that Google once said not to know although they were there. */
  denied: ReadonlySet<string>
  /** From when on everything worked, and the admin answered every hand. */
  settledFromMs: number
}

const TITLE = 'Clase de Inglés'

/**
 * One event for each class that takes place, at its hour and under its title, and none for any other (10). `events`: more of them were made than there
 * may be. What a hand did to an event is excused while everything is at work and nobody could know: hours go by in seconds then, the calendar cannot
 * always be read, and the admin is not asked. From the moment on from which everything works nothing is: the class followed, or its event went back.
 */
export function judgeCalendar({ events, classes, hands, denied, settledFromMs }: Calendar): Found[] {
  const deletedByHand = new Set(hands.filter(({ deed }) => deed === 'delete').map(({ eventId }) => eventId))
  const touched = new Set(hands.map(({ eventId }) => eventId))
  return classes.flatMap((c) => {
    const mine = events.filter(({ classId }) => classId === c.id).sort((a, b) => generationOf(a) - generationOf(b))
    const standing = mine.filter(({ status }) => status !== 'cancelled')
    // One that a hand took away may have a successor, and so may one that was not to be seen; it is found later and goes.
    const isSucceeded = ({ id }: EventAtGoogle) => deletedByHand.has(id) || denied.has(id)
    const found: Found[] = []
    if (!mine.slice(0, -1).every(isSucceeded) || standing.length > 1)
      found.push(breach('events', `${mine.length} events were made for class ${c.id}, ${standing.length} stand (10)`))
    const isReal = c.status === 'scheduled' || c.status === 'completed'
    const [event] = standing
    const isExcused = c.startsMs <= settledFromMs && mine.some(({ id }) => touched.has(id))
    if (isReal && !event && !isExcused) found.push(breach('event', `no event stands for class ${c.id}, which is ${c.status}`))
    if (!isReal && event) found.push(breach('event', `an event stands for class ${c.id}, which is ${c.status}`))
    if (isReal && event) found.push(...(isExcused ? [] : judgeEvent(c, event)))
    return found
  })
}

/** As the product numbers the events of one class, in their id. */
function generationOf({ id }: EventAtGoogle): number {
  return Number(/g(\d+)$/.exec(id)?.[1] ?? 0)
}

function judgeEvent(c: JudgedClass, event: EventAtGoogle): Found[] {
  const isThere = Date.parse(event.startsAt ?? '') === c.startsMs && Date.parse(event.endsAt ?? '') === c.endsMs
  return [
    ...(isThere ? [] : [breach('event', `the event of class ${c.id} stands at ${event.startsAt}, the class does not`)]),
    ...(event.summary === TITLE ? [] : [breach('event', `the event of class ${c.id} is called ${event.summary}`)]),
  ]
}

/** An appointment of the teacher's lies over a class to come, and nobody was told. */
export function judgeConflicts({ events, classes, settledFromMs }: Pick<Calendar, 'events' | 'classes' | 'settledFromMs'>): Found[] {
  const appointments = events.filter(({ classId, status, startsAt }) => classId === null && status !== 'cancelled' && startsAt !== null)
  return classes
    .filter(({ status, startsMs }) => (status === 'scheduled' || status === 'completed') && startsMs > settledFromMs)
    .filter((c) =>
      appointments.some(({ startsAt, endsAt }) => Date.parse(startsAt ?? '') < c.endsMs && Date.parse(endsAt ?? '') > c.startsMs),
    )
    .filter(({ toldOfConflict }) => !toldOfConflict)
    .map(({ id }) => breach('event', `an appointment lies over class ${id}, and nobody was told`))
}

/** What the list says of a payment. */
export interface ToldPayment {
  id: string
  flagged: boolean
  /** It says that a claim is open. */
  claimOpen: boolean
}

/**
 * Whoever's money is in dispute, or was taken by the bank, is on the list for as long as it is; a claim that is over is not. Money that came in for
 * somebody else (`ours`: our account) is none of ours.
 */
export function judgeDisputes(payments: readonly PaidMoney[], told: readonly ToldPayment[], ours: number): Found[] {
  const byId = new Map(told.map((row) => [row.id, row]))
  return payments.flatMap(({ id, status, amount, collectorId }) => {
    if (collectorId !== ours) return []
    const row = byId.get(String(id))
    const isDisputed = status === 'in_mediation' || status === 'charged_back'
    if (isDisputed && !row?.flagged) return [breach('silent', `payment ${id} is ${status}, and nobody was told (5)`, amount)]
    if (status !== 'in_mediation' && row?.claimOpen)
      return [breach('money', `payment ${id} is on the list for a claim that is over, it is ${status}`)]
    return []
  })
}

/** Notifications that Mercado Pago never sent: all were refused, and none was kept. */
export function judgeForged(taken: readonly string[], kept: readonly string[]): Found[] {
  return [
    ...taken.map((what) => breach('forged', `a forged notification was taken: ${what}`)),
    ...kept.map((id) => breach('forged', `a forged notification about ${id} was kept`)),
  ]
}

function breach(kind: Found['kind'], what: string, pesos = 0): Found {
  return { kind, what, count: 1, pesos }
}
