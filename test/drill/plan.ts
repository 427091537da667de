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
  'wrong-currency',
  'other-account',
  'unknown-reference',
  'cash',
  'cash-never-paid',
  'reviewed',
  'late',
  'hidden-at-first',
  'refunded-outside',
  'charged-back',
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
  /** Who gives up the class, some time after it was paid. */
  cancelled: 'no' | 'host' | 'admin' | 'both-at-once'
  /** More people than seats get the code; indexes of people. */
  friends: number[]
  pauseMs: number
}

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

export interface MovePlan {
  afterMs: number
  minutes: number
}

export const WEATHERS = [
  'fair',
  'mercado-pago-down',
  'google-down',
  'everything-slow',
  'answers-lost',
  'notifications-late',
  'notifications-lost',
  'links-pending',
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
}

const KILL_EVERY_MS = 2_000
/** Without kills, everybody comes within this. */
const ARRIVALS_MS = 6_000
const MOVE_EVERY_MS = 1_500
const WEATHER_LASTS_MS = 3_500
/** As many different ones as make a run feel long; then they come round again. */
const MOVES = 40
const WEATHER_TURNS = 40
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
    weather: repeat(WEATHER_TURNS, () => ({ weather: pick(chance, WEATHERS), forMs: about(WEATHER_LASTS_MS) })),
  }
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
  return chance() < 0.45 ? 'card' : pick(chance, WAYS_TO_PAY)
}

function planBooking(chance: () => number, students: number, slots: number): BookingPlan {
  const size = pick(chance, [1, 1, 2, 3, 4, 5] as const)
  const clicked = chance()
  const cancelled = chance()
  return {
    size,
    slotRank: Math.floor(chance() * chance() * slots),
    through: pick(chance, ['checkout', 'checkout', 'checkout-with-key', 'preference-and-booking']),
    clicks: clicked < 0.6 ? 1 : clicked < 0.9 ? 2 : 3,
    pay: planPay(chance),
    returns: chance() < 0.6,
    cancelled: cancelled < 0.75 ? 'no' : cancelled < 0.85 ? 'host' : cancelled < 0.93 ? 'admin' : 'both-at-once',
    friends: size === 1 ? [] : Array.from({ length: size + 1 }, () => Math.floor(chance() * students)),
    pauseMs: Math.round(chance() * 1_500),
  }
}
