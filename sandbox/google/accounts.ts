import { randomInt } from 'node:crypto'
import type { Account, GoogleWorld } from './world.ts'

const ACCOUNTS_MAX = 1_000

export function accountByEmail(world: GoogleWorld, email: string): Account | undefined {
  const wanted = normalEmail(email)
  return world.state.accounts.find((account) => account.email === wanted)
}

export function accountBySub(world: GoogleWorld, sub: string): Account | undefined {
  return world.state.accounts.find((account) => account.sub === sub)
}

/** The account with that address, made when there is none. Throws when the address is not one or the sandbox is full. */
export function ensureAccount(
  world: GoogleWorld,
  input: { email: string; name?: string | undefined; emailVerified?: boolean | undefined },
): Account {
  const known = accountByEmail(world, input.email)
  if (known) return known
  const email = normalEmail(input.email)
  if (!isEmail(email)) throw new Error(`"${input.email}" is not an e-mail address.`)
  if (world.state.accounts.length >= ACCOUNTS_MAX) throw new Error(`The sandbox keeps at most ${ACCOUNTS_MAX} accounts.`)
  const account: Account = {
    sub: `2${Array.from({ length: 20 }, () => randomInt(10)).join('')}`,
    email,
    name: input.name?.trim() || nameFrom(email),
    role: 'student',
    emailVerified: input.emailVerified ?? true,
    tokenProblem: null,
  }
  world.state.accounts.push(account)
  world.context.changed()
  return account
}

export function isEmail(text: string): boolean {
  return text.length <= 254 && /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]+$/.test(text)
}

export function normalEmail(email: string): string {
  return email.trim().toLowerCase()
}

function nameFrom(email: string): string {
  const words = email.slice(0, email.indexOf('@')).split(/[._-]+/)
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ')
}
