import { expect } from 'vitest'
import { addDays, weekdayOf } from '../../src/kernel/zoned-time.ts'
import { confirmedClass, slot } from './booking.ts'
import type { Client, World } from './world.ts'

export interface Slot {
  start: string
  end: string
}

const FIRST_HOUR = 9
const LAST_HOUR = 20

/** Slots that no other test of the file uses: hour after hour inside the opening hours, from that ART date on. */
export function freshSlots(from = '2026-11-25'): () => Slot {
  let date = from
  let hour = FIRST_HOUR
  return () => {
    if (hour > LAST_HOUR) {
      date = addDays(date, weekdayOf(date) === 6 ? 2 : 1)
      hour = FIRST_HOUR
    }
    const next = slot(date, `${String(hour).padStart(2, '0')}:00`)
    hour += 1
    return next
  }
}

/** The instant that many milliseconds after another one. */
export function later(instant: string, milliseconds: number): string {
  return new Date(Date.parse(instant) + milliseconds).toISOString()
}

let people = 0

/** Somebody who has never been here before. */
export function newcomer(world: World, name?: string): Promise<Client> {
  people += 1
  return world.signIn(`persona.${people}@correo.test`, name)
}

export interface Scene extends Slot {
  host: Client
  classId: string
  preferenceId: string
  code: string
}

/** A confirmed class of a new host; `people` 1 is an individual class. */
export async function classFor(world: World, people: number, when: Slot, text?: string): Promise<Scene> {
  const host = await newcomer(world)
  const more = { ...(people === 1 ? {} : { isGroupClass: true, studentsCount: people }), ...(text === undefined ? {} : { text }) }
  return { host, ...when, ...(await confirmedClass(world, host, when, more)) }
}

export async function meetUrlOf(world: World, classId: string): Promise<string> {
  const [row] = await world.rows<{ url: string }>('SELECT meet_url AS url FROM virtual_class WHERE id = $1', [classId])
  return row?.url ?? ''
}

export async function userIdOf(world: World, email: string): Promise<string> {
  const [row] = await world.rows<{ id: string }>('SELECT id FROM app_user WHERE email = $1', [email])
  return row?.id ?? ''
}

/** Requests that the application sent to Google, oldest first. */
export async function askedOfGoogle(world: World, method: string, path: string): Promise<{ path: string; status: number; body: string }[]> {
  const { requests } = (await world.control(`/log?part=google&method=${method}&path=${encodeURIComponent(path)}`)) as {
    requests: { path: string; status: number; body: string }[]
  }
  return requests
}

/** Nothing that was logged names a person or opens a door: no e-mail, code, link, cookie or token (behaviour invariant 7, Z10). */
export async function expectCleanLog(world: World, more: string[] = []): Promise<void> {
  const { google } = (await world.control('/state')) as {
    google: { oauth: { refreshTokens: { token: string }[]; accessTokens: Record<string, unknown>; codes: Record<string, unknown> } }
  }
  const emails = await world.rows<{ secret: string }>('SELECT email AS secret FROM app_user')
  const codes = await world.rows<{ secret: string }>('SELECT code AS secret FROM access_code')
  const links = await world.rows<{ secret: string }>('SELECT meet_url AS secret FROM virtual_class WHERE meet_url IS NOT NULL')
  const { clientSecret } = world.deps.config.google
  const secrets = [
    ...[...emails, ...codes, ...links].map(({ secret }) => secret),
    ...google.oauth.refreshTokens.map(({ token }) => token),
    ...Object.keys(google.oauth.accessTokens),
    ...Object.keys(google.oauth.codes),
    ...[clientSecret, world.deps.config.authSecret, world.deps.config.mercadoPago.accessToken],
    ...more,
  ]
  const log = JSON.stringify(world.logged)
  expect(secrets.filter((secret) => log.includes(secret))).toEqual([])
}
