import { fingerprint } from '../../../src/kernel/secret-box.ts'
import type { World } from '../../support/world.ts'

/** Somebody who is signed in. */
export interface Person {
  id: string
  email: string
  cookie: string
}

const SIGNED_IN_MS = 30 * 86_400_000

/** `count` new people with a login each, written straight into the store: two hundred visits to Google would prove nothing about races. */
export async function signInPeople(world: World, count: number): Promise<Person[]> {
  const now = world.clock.now()
  const people = Array.from({ length: count }, () => {
    const id = crypto.randomUUID()
    const token = `race-${crypto.randomUUID()}`
    return { id, email: `${id.slice(0, 13)}@carrera.test`, cookie: `hiy-session=${token}`, token }
  })
  await world.rows(
    `INSERT INTO app_user (id, email, name, created_at, updated_at)
     SELECT id, email, split_part(email, '@', 1), $3, $3 FROM unnest($1::uuid[], $2::text[]) AS person (id, email)`,
    [people.map(({ id }) => id), people.map(({ email }) => email), now],
  )
  await world.rows(
    `INSERT INTO session (token_hash, public_id, user_id, created_at, renewed_at, expires_at)
     SELECT hash, gen_random_uuid(), id, $3, $3, $4 FROM unnest($1::text[], $2::uuid[]) AS login (hash, id)`,
    [
      people.map(({ token }) => fingerprint(world.deps.config.authSecret, token)),
      people.map(({ id }) => id),
      now,
      new Date(now.getTime() + SIGNED_IN_MS),
    ],
  )
  return people.map(({ id, email, cookie }) => ({ id, email, cookie }))
}
