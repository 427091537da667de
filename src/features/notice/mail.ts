import type { VirtualClassRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { ownInvitation } from '../academy/invitation.ts'
import { calendarFile } from '../virtual-class/invitation.ts'
import { wantsMail } from './choices.ts'
import { composeMail } from './compose.ts'
import type { NoticeKind } from './kinds.ts'
import type { CalendarPart, Mail } from './provider.ts'
import { factsOf, findReader, type NoticeRow } from './store.ts'
import { unsubscribeUrl } from './unsubscribe.ts'

/** Mails to a teacher whose button leads to the connection. */
const ABOUT_THE_GRANT: ReadonlySet<NoticeKind> = new Set(['calendar-disconnected', 'calendar-trial-failed'])

/** A notice as the mail that is true now, or in a few words why there is none. */
export async function mailOf(deps: Deps, row: NoticeRow): Promise<Mail | string> {
  const { baseUrl, joinLeadMinutes } = deps.config
  const reader = await findReader(deps.db.handle, row.userId)
  if (!reader) return 'no account'
  if (!wantsMail(reader.choices, row.kind)) return 'not wanted'
  const facts = await factsOf(deps.db.handle, row, deps.clock.now())
  const ending = unsubscribeUrl(deps.config, row.userId, row.kind)
  const connectUrl = ABOUT_THE_GRANT.has(row.kind) ? await ownInvitation(deps, row.userId) : null
  const composed = composeMail(row.kind, { reader, facts, baseUrl, joinLeadMinutes, unsubscribeUrl: ending, connectUrl })
  if (!composed) return 'overtaken'
  const calendar = facts.about && calendarPart(deps, row.kind, { ...facts.about, teacherName: facts.teacherName ?? null })
  return { id: row.id, to: reader.email, ...composed, ...(calendar ? { calendar } : {}), ...(ending ? { unsubscribeUrl: ending } : {}) }
}

/** The class for the reader's own calendar, where it is fixed or changes; what a calendar knows of it goes when the class does. */
function calendarPart(deps: Deps, kind: NoticeKind, about: VirtualClassRow & { teacherName: string | null }): CalendarPart | null {
  const method = METHODS[kind]
  // A class that was never confirmed is in nobody's calendar.
  if (!method || about.meetUrl === null) return null
  return {
    filename: 'clase-de-ingles.ics',
    method,
    content: calendarFile(deps, about, { method, organizer: deps.config.mail?.from ?? null }),
  }
}

const METHODS: Readonly<Partial<Record<NoticeKind, CalendarPart['method']>>> = {
  'class-confirmed': 'PUBLISH',
  'class-rescheduled': 'PUBLISH',
  'class-cancelled': 'CANCEL',
  'seat-released': 'CANCEL',
}
