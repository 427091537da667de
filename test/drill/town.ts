import { readFile } from 'node:fs/promises'
import { ADDRESS_HEADER } from './balancer.ts'
import type { HandDeed, PersonPlan } from './plan.ts'
import type { Sandbox } from './sandbox.ts'

/** A code that was given to friends, and when its class is. */
export interface Invitation {
  code: string
  startsAt: number
  endsAt: number
  friends: readonly number[]
  used: boolean
}

/** Something that was done to an event by hand, and when, on the sandbox's clock. */
export interface Hand {
  eventId: string
  deed: HandDeed
  at: number
}

/** Something that happens days later, on the sandbox's clock. */
interface Afterwards {
  dueAt: number
  happen(): Promise<void>
}

/** What the people of a drill share. */
export interface Town {
  /** Public address of the product. */
  url: string
  sandbox: Sandbox
  people: readonly PersonPlan[]
  /** Login of each person, by index; null: not signed in. */
  cookies: (string | null)[]
  admin: string
  /** The sandbox's clock. */
  now(): number
  /** Moves it for everybody. */
  advance(minutes: number): Promise<void>
  invitations: Invitation[]
  /** Preferences that somebody was to pay. */
  preferences: string[]
  /** Slots that were free when somebody last looked. */
  free: readonly { start: string; end: string }[]
  hands: Hand[]
  /** Events that were there when Google said that they were not. */
  denied: Set<string>
  forged: Forged
  afterwards: Afterwards[]
  /** Processes killed so far. */
  kills: number
  /** When the last slot that anybody asked for ends. */
  lastEndMs: number
  /** The day is over: nobody begins anything new. */
  signal: AbortSignal
  /** What was tried, and how often it went well. */
  counts: Counts
  priceOf(size: number): number
}

/** What came of notifications that Mercado Pago never sent. */
export interface Forged {
  refused: number
  /** Numbers of payments that do not exist, as they were named. */
  invented: string[]
  /** Answers that were no refusal, where one was due. */
  taken: string[]
}

export interface Counts {
  requests: number
  /** Answers 5xx, or none at all. */
  failures: number
  signedIn: number
  holds: number
  joins: number
  turnedAway: number
  done: number
  moved: number
  movesRefused: number
  cancelled: number
  reconnected: number
  disputes: number
  disputesEnded: number
  cashLate: number
}

export interface Answer {
  /** 0: no answer. */
  status: number
  headers: Headers
  text: string
  body: Record<string, unknown>
}

const ANSWER_LIMIT_MS = 30_000

export async function openTown(url: string, sandbox: Sandbox, people: readonly PersonPlan[], signal: AbortSignal): Promise<Town> {
  const prices = JSON.parse(await readFile(new URL('../../config/pricing.json', import.meta.url), 'utf8')) as {
    individual: number
    grupal: Record<string, number>
  }
  const readOffset = async () => Number((await sandbox.control('/clock')).offsetMs)
  let offsetMs = await readOffset()
  return {
    url,
    sandbox,
    people,
    cookies: people.map(() => null),
    admin: '',
    now: () => Date.now() + offsetMs,
    async advance(minutes) {
      await sandbox.advance(minutes)
      offsetMs = await readOffset()
    },
    invitations: [],
    preferences: [],
    free: [],
    hands: [],
    denied: new Set(),
    forged: { refused: 0, invented: [], taken: [] },
    afterwards: [],
    kills: 0,
    lastEndMs: 0,
    signal,
    counts: {
      ...{ requests: 0, failures: 0, signedIn: 0, holds: 0, joins: 0, turnedAway: 0, done: 0, moved: 0, movesRefused: 0 },
      ...{ cancelled: 0, reconnected: 0, disputes: 0, disputesEnded: 0, cashLate: 0 },
    },
    priceOf: (size) => (size === 1 ? prices.individual : (prices.grupal[size] ?? 0)),
  }
}

/** Lets happen what is due by now. Returns how much that was. */
export async function haveDue(town: Town): Promise<number> {
  const due = town.afterwards.filter(({ dueAt }) => dueAt <= town.now())
  town.afterwards = town.afterwards.filter((each) => !due.includes(each))
  for (const { happen } of due) await happen()
  return due.length
}

/** One request to the product as the person with this cookie; `address` is whom the proxy sees. Never throws. */
export async function send(
  town: Town,
  who: { cookie: string; address: string },
  method: 'GET' | 'POST',
  path: string,
  content: { json?: unknown; form?: Record<string, string>; headers?: Record<string, string> } = {},
): Promise<Answer> {
  town.counts.requests += 1
  try {
    const answer = await fetch(town.url + path, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
      headers: {
        [ADDRESS_HEADER]: who.address,
        origin: town.url,
        ...(who.cookie ? { cookie: who.cookie } : {}),
        ...(content.json === undefined ? {} : { 'content-type': 'application/json' }),
        ...content.headers,
      },
      ...(content.json === undefined ? {} : { body: JSON.stringify(content.json) }),
      ...(content.form ? { body: new URLSearchParams(content.form) } : {}),
    })
    const text = await answer.text()
    if (answer.status >= 500) town.counts.failures += 1
    return { status: answer.status, headers: answer.headers, text, body: text.startsWith('{') ? (JSON.parse(text) as Answer['body']) : {} }
  } catch {
    town.counts.failures += 1
    return { status: 0, headers: new Headers(), text: '', body: {} }
  }
}

/** Somebody whose request may have got lost. */
export function failed({ status }: { status: number }): boolean {
  return status === 0 || status >= 500
}
