import { HOUR_MS, MINUTE_MS, plus } from '../../../kernel/clock.ts'
import type { Outcome } from '../../../kernel/outcome.ts'
import { refuse, succeed } from '../../../kernel/outcome.ts'

export type RoomRefusal = 'not-a-link' | 'unknown-host' | 'no-room'

/** Where a lesson can be held; their subdomains too. A link to anywhere else could be a slip of the clipboard, and students would follow it. */
const ROOM_HOSTS = ['meet.google.com', 'zoom.us', 'teams.microsoft.com', 'teams.live.com', 'meet.jit.si', 'whereby.com'] as const
const LINK_CHARACTERS_MAX = 500

/** A link that the teacher pasted as the room of a class: https, of a known host, and to a room of it. */
export function parseRoom(typed: string): Outcome<string, RoomRefusal> {
  const text = typed.trim()
  // What is broken over two lines would be read as if it were whole.
  const isWhole = text.length <= LINK_CHARACTERS_MAX && !/[\s\p{Cc}\p{Cf}]/u.test(text)
  const url = isWhole ? URL.parse(text) : null
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '' || url.port !== '') return refuse('not-a-link')
  if (!ROOM_HOSTS.some((host) => url.hostname === host || url.hostname.endsWith(`.${host}`))) return refuse('unknown-host')
  if (url.pathname === '/') return refuse('no-room')
  return url.href.length <= LINK_CHARACTERS_MAX ? succeed(url.href) : refuse('not-a-link')
}

/** A class that starts within this has to have a link that works. */
export const LINK_WATCHED_MS = 24 * HOUR_MS
/** A paid class may wait this long for its link before the teacher hears of it. */
export const LINK_PATIENCE_MS = 10 * MINUTE_MS
/** The link is looked at again shortly before the doors open. */
export const LAST_LOOK_MS = 75 * MINUTE_MS
/** How often a link that does not work is looked at again. */
const BROKEN_LOOK_MS = 5 * MINUTE_MS

/** Whether the link of a scheduled class has to be looked at: a day before the start, once more before the doors open, and while it is broken. */
export function isLinkLookDue(c: { startsAt: Date; linkCheckedAt: Date | null; linkBrokenAt: Date | null }, now: Date): boolean {
  if (now >= c.startsAt || now < plus(c.startsAt, -LINK_WATCHED_MS)) return false
  if (!c.linkCheckedAt) return true
  if (c.linkBrokenAt) return now >= plus(c.linkCheckedAt, BROKEN_LOOK_MS)
  const lastLook = plus(c.startsAt, -LAST_LOOK_MS)
  return c.linkCheckedAt < plus(c.startsAt, -LINK_WATCHED_MS) || (now >= lastLook && c.linkCheckedAt < lastLook)
}

/** What the teacher is told about the link of a class. `lost`: it no longer leads to a room. */
export type LinkState = 'none' | 'waiting' | 'meet' | 'room' | 'lost'

/** How the link of a class stands. */
export function linkStateOf(c: {
  status: 'pending' | 'scheduled' | 'completed' | 'cancelled'
  paidAt: Date | null
  roomUrl: string | null
  linkBrokenAt: Date | null
}): LinkState {
  if (c.status === 'pending') return c.paidAt ? 'waiting' : 'none'
  if (c.status !== 'scheduled') return 'none'
  if (c.roomUrl) return 'room'
  return c.linkBrokenAt ? 'lost' : 'meet'
}
