import { pick, seeded } from '../support/chance.ts'

/** How somebody pays: everything that buyers, banks and sellers do. */
export const WAYS_TO_PAY = [
  'card',
  'rejected-then-card',
  'account-money',
  'same-attempt-twice',
  'paid-twice',
  'two-halves',
  'half',
  'too-much',
  'wrong-currency',
  'other-account',
  'unknown-reference',
  'no-reference',
  'reference-of-another',
  'cash',
  'cash-days-later',
  'cash-never-paid',
  'reviewed',
  'late',
  'hidden-at-first',
  'refunded-outside',
  'claimed',
  'claim-won',
  'claim-lost',
  'charged-back',
  'charge-back-won',
  'charge-back-lost',
  'gives-up',
] as const
export type WayToPay = (typeof WAYS_TO_PAY)[number]

export interface BookingPlan {
  /** 1: individual class. */
  size: 1 | 2 | 3 | 4 | 5
  /** Which of the free slots: people like the same ones. */
  slotRank: number
  /** In the documented order preference → booking, or in one action. */
  through: 'checkout' | 'checkout-with-key' | 'preference-and-booking'
  clicks: 1 | 2 | 3
  pay: WayToPay
  /** Comes back from Mercado Pago through the return page. */
  returns: boolean
  /** Who puts the class at another hour, once it is in the calendar. */
  moved: Doer
  /** Who gives up the class, some time after it was paid. */
  cancelled: Doer
  /** Moves and gives up with the forms of the pages instead of the API. */
  onPages: boolean
  /** More people than seats get the code; indexes of people. */
  friends: number[]
  pauseMs: number
}

/** `both-at-once`: host and admin, neither knowing of the other. */
export type Doer = 'no' | 'host' | 'admin' | 'both-at-once'

export interface PersonPlan {
  index: number
  email: string
  /** Comes when so many kills have been made, and so much later. */
  arrivesAfterKills: number
  arrivesMs: number
  /** A wrong code, typed for fun. */
  guessesCode: boolean
  bookings: BookingPlan[]
}

export interface KillPlan {
  /** After the successor of the one before was ready. */
  afterMs: number
  /** Does not wait for that one: two are away at once. */
  hurried: boolean
  victim: 'web' | 'worker'
  /** Chooses among the processes of that kind. */
  rank: number
}

/** What the teacher does in the calendar by hand. `between`: an appointment that appears right after somebody asked for free time. */
export const HAND_DEEDS = ['move', 'shift', 'delete', 'retitle', 'appointment', 'between'] as const
export type HandDeed = (typeof HAND_DEEDS)[number]

export interface HandPlan {
  afterMs: number
  deed: HandDeed
  /** Chooses among the events, or slots, that there are. */
  rank: number
  /** How far an event is moved. */
  days: number
}

/** How a forged notification is signed; `old-form` has no signature that anybody could verify, and names an order that does not exist. */
export const FORGERIES = ['none', 'garbage', 'empty-secret', 'other-id', 'too-old', 'old-form'] as const
export type Forgery = (typeof FORGERIES)[number]

export interface ForgeryPlan {
  afterMs: number
  forgery: Forgery
  /** About a payment that exists, or about none. */
  aboutReal: boolean
  rank: number
}

export interface MovePlan {
  afterMs: number
  minutes: number
}

export const WEATHERS = [
  'fair',
  'mercado-pago-down',
  'google-down',
  'everything-slow',
  'answers-stalled',
  'answers-lost',
  'mails-refused',
  'notifications-late',
  'notifications-lost',
  'notifications-unsigned',
  'second-secret',
  'refunds-refused',
  'refunds-in-process',
  'links-pending',
  'links-failed',
  'links-by-phone',
  'tokens-expired',
  'grant-revoked',
] as const
export type Weather = (typeof WEATHERS)[number]

export interface WeatherPlan {
  weather: Weather
  forMs: number
}

export interface Plan {
  people: PersonPlan[]
  kills: KillPlan[]
  moves: MovePlan[]
  weather: WeatherPlan[]
  hands: HandPlan[]
  forgeries: ForgeryPlan[]
}

const KILL_EVERY_MS = 2_000
/** Without kills, everybody comes within this. */
const ARRIVALS_MS = 6_000
const MOVE_EVERY_MS = 1_500
const WEATHER_LASTS_MS = 3_500
/** As many different ones as make a run feel long; then they come round again. */
const MOVES = 40
const WEATHER_ROUNDS = 3
const HANDS = 60
const HAND_EVERY_MS = 1_500
const FORGERIES_PLANNED = 60
const FORGERY_EVERY_MS = 900
/** An event is moved within the week, so that its class is still to come. */
const DAYS_MOVED_MAX = 6
/** People who want the same slot at the same moment. */
const RUSH_SIZE = 6
const SLOTS_WANTED_MAX = 90

/** Everything that will be done, from one seed. Real processes meet in an order of their own. */
export function makePlan(seed: number, students: number, kills: number): Plan {
  const chance = seeded(seed)
  const about = (milliseconds: number) => Math.round(milliseconds * (0.5 + chance()))
  const repeat = <T>(times: number, make: () => T): T[] => Array.from({ length: times }, make)
  return {
    people: planPeople(chance, students, kills),
    kills: repeat(kills, () => ({
      afterMs: about(KILL_EVERY_MS),
      hurried: chance() < 0.15,
      victim: chance() < 0.5 ? 'web' : 'worker',
      rank: Math.floor(chance() * 1_000),
    })),
    // Mostly shorter than a hold, so that people can pay in time; now and then longer than one.
    moves: repeat(MOVES, () => ({
      afterMs: about(MOVE_EVERY_MS),
      minutes: chance() < 0.15 ? 20 + Math.ceil(chance() * 40) : Math.ceil(chance() * 8),
    })),
    // Every kind in each round: a drill that is long enough sees them all.
    weather: repeat(WEATHER_ROUNDS, () => shuffled(chance, WEATHERS))
      .flat()
      .map((weather) => ({ weather, forMs: about(WEATHER_LASTS_MS) })),
    hands: repeat(HANDS, () => ({
      afterMs: about(HAND_EVERY_MS),
      deed: pick(chance, HAND_DEEDS),
      rank: Math.floor(chance() * 1_000),
      days: 1 + Math.floor(chance() * DAYS_MOVED_MAX),
    })),
    forgeries: repeat(FORGERIES_PLANNED, () => ({
      afterMs: about(FORGERY_EVERY_MS),
      forgery: pick(chance, FORGERIES),
      aboutReal: chance() < 0.6,
      rank: Math.floor(chance() * 1_000),
    })),
  }
}

function shuffled<T>(chance: () => number, list: readonly T[]): T[] {
  return list
    .map((item) => ({ item, at: chance() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
}

function planPeople(chance: () => number, students: number, kills: number): PersonPlan[] {
  const arrival = () => ({ arrivesAfterKills: Math.floor(chance() * kills), arrivesMs: Math.round(chance() * ARRIVALS_MS) })
  let rush = { ...arrival(), slotRank: 0, left: 0 }
  const slots = Math.min(students, SLOTS_WANTED_MAX)
  return Array.from({ length: students }, (_, index) => {
    if (rush.left === 0 && chance() < 0.08) rush = { ...arrival(), slotRank: Math.floor(chance() * slots), left: RUSH_SIZE }
    const inRush = rush.left > 0
    if (inRush) rush.left -= 1
    const bookings = Array.from({ length: chance() < 0.25 ? 2 : 1 }, () => planBooking(chance, students, slots))
    if (inRush && bookings[0]) Object.assign(bookings[0], { slotRank: rush.slotRank, pauseMs: 0 })
    return {
      index,
      email: `estudiante.${index}@correo.test`,
      ...(inRush ? { arrivesAfterKills: rush.arrivesAfterKills, arrivesMs: rush.arrivesMs } : arrival()),
      guessesCode: chance() < 0.1,
      bookings,
    }
  })
}

/** Ordinary ways are more common; every way has its share. */
function planPay(chance: () => number): WayToPay {
  return chance() < 0.4 ? 'card' : pick(chance, WAYS_TO_PAY)
}

function planBooking(chance: () => number, students: number, slots: number): BookingPlan {
  const size = pick(chance, [1, 1, 2, 3, 4, 5] as const)
  const clicked = chance()
  const doer = (share: number): Doer => {
    const drawn = chance()
    return drawn > share ? 'no' : drawn < share * 0.4 ? 'host' : drawn < share * 0.75 ? 'admin' : 'both-at-once'
  }
  return {
    size,
    slotRank: Math.floor(chance() * chance() * slots),
    through: pick(chance, ['checkout', 'checkout', 'checkout-with-key', 'preference-and-booking']),
    clicks: clicked < 0.6 ? 1 : clicked < 0.9 ? 2 : 3,
    pay: planPay(chance),
    returns: chance() < 0.6,
    moved: doer(0.25),
    cancelled: doer(0.25),
    onPages: chance() < 0.5,
    friends: size === 1 ? [] : Array.from({ length: size + 1 }, () => Math.floor(chance() * students)),
    pauseMs: Math.round(chance() * 1_500),
  }
}
