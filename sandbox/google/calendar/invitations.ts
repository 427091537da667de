import type { GoogleWorld } from '../world.ts'
import type { Calendar, CalendarEvent, Invitation } from './model.ts'

export type SendUpdates = 'all' | 'externalOnly' | 'none'

const INVITATIONS_MAX = 2_000

/** Records what a change of an event would have e-mailed: new guests are invited, removed ones told, the rest updated. */
export function recordInvitations(
  world: GoogleWorld,
  calendar: Calendar,
  change: { before: CalendarEvent | undefined; after: CalendarEvent; sendUpdates: SendUpdates },
): void {
  const { before, after, sendUpdates } = change
  if (sendUpdates === 'none') return
  const live = (event: CalendarEvent | undefined) => (event && event.status !== 'cancelled' ? guestsOf(event, calendar) : [])
  const [were, are] = [live(before), live(after)]
  const add = (kind: Invitation['kind'], to: string) =>
    world.state.invitations.push({
      seq: (world.state.invitations.at(-1)?.seq ?? 0) + 1,
      at: world.context.clock.now().toISOString(),
      kind,
      to,
      calendarId: calendar.id,
      eventId: after.id,
      summary: after.summary ?? '',
      start: after.start,
      sendUpdates,
    })
  for (const email of are) add(were.includes(email) ? 'update' : 'invitation', email)
  for (const email of were) if (!are.includes(email)) add('cancellation', email)
  world.state.invitations = world.state.invitations.slice(-INVITATIONS_MAX)
}

function guestsOf(event: CalendarEvent, calendar: Calendar): string[] {
  return (event.attendees ?? [])
    .map((attendee) => attendee.email)
    .filter((email) => email !== calendar.id && email !== event.organizerEmail)
}
