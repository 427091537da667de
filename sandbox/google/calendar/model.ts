/** When an event starts or ends: an instant with the zone it was typed in, or a whole day. */
export type EventTime = { kind: 'instant'; at: number; timeZone: string } | { kind: 'day'; date: string }

export interface Attendee {
  email: string
  displayName?: string
  optional?: boolean
  comment?: string
  additionalGuests?: number
  responseStatus: 'needsAction' | 'declined' | 'tentative' | 'accepted'
}

export interface Conference {
  /** Id of the request that made it; the same id again is ignored. */
  requestId: string | null
  status: 'pending' | 'success' | 'failure'
  /** While pending: reads left, or the instant at which it is ready. */
  getsLeft: number | null
  readyAt: number | null
  outcome: 'success' | 'failure'
  code: string
  phoneFirst: boolean
}

export interface Reminders {
  useDefault: boolean
  overrides?: { method: 'email' | 'popup'; minutes: number }[]
}

/** The fields that a caller may write, already checked. Absent means "default". */
export interface EventFields {
  status: 'confirmed' | 'tentative' | 'cancelled'
  summary?: string
  description?: string
  location?: string
  colorId?: string
  visibility?: string
  transparency?: 'opaque' | 'transparent'
  start: EventTime
  end: EventTime
  recurrence?: string[]
  attendees?: Attendee[]
  anyoneCanAddSelf?: boolean
  guestsCanInviteOthers?: boolean
  guestsCanModify?: boolean
  guestsCanSeeOtherGuests?: boolean
  extendedProperties?: { private?: Record<string, string>; shared?: Record<string, string> }
  reminders?: Reminders
  source?: { title?: string; url?: string }
}

export interface CalendarEvent extends EventFields {
  id: string
  iCalUID: string
  createdAt: number
  updatedAt: number
  sequence: number
  /** Number of the change in its calendar; later changes have higher numbers. */
  change: number
  creatorEmail: string
  organizerEmail: string
  conference?: Conference
  /** Set on one occurrence of a recurring event that was changed or removed by itself. */
  recurringEventId?: string
  originalStart?: EventTime
}

export interface Calendar {
  id: string
  summary: string
  timeZone: string
  ownerSub: string
  primary: boolean
  /** Readable with an API key alone. */
  isPublic: boolean
  allowedConferenceSolutionTypes: string[]
  /** Number of the last change. */
  change: number
  /** Sync tokens issued before this change are refused. */
  syncableFrom: number
  events: Record<string, CalendarEvent>
}

/** Who calls: an account with a token, or anybody with an API key. */
export type Caller = { kind: 'account'; sub: string; email: string } | { kind: 'public' }

/** A subscription to the changes of one calendar (section 2.6 of the provider contract). */
export interface Channel {
  id: string
  resourceId: string
  calendarId: string
  address: string
  token: string | null
  expiresAt: number
  ownerSub: string
  messageNumber: number
  stopped: boolean
}

/** One notification on its way. `state`: "delivered", "dropped" (by a switch), "failed" (refused or out of tries) or "waiting". */
export interface Delivery {
  channelId: string
  messageNumber: number
  resourceState: 'sync' | 'exists'
  dueAt: number
  tries: number
  state: 'waiting' | 'delivered' | 'dropped' | 'failed'
  status: number | null
}

/**
 * What the next conference requests lead to. `pending` becomes `outcome` after `pendingGets` reads of the event, or after `pendingMs` of the
 * virtual clock when that is set. `invalid` answers as an account that may not create Meet. `phone-first` puts other entry points before video.
 */
export interface ConferenceMode {
  mode: 'success' | 'pending' | 'failure' | 'invalid' | 'phone-first'
  /** How many requests it applies to; null means all. Then it is `success` again. */
  remaining: number | null
  pendingGets: number
  pendingMs: number | null
  outcome: 'success' | 'failure'
}

/** An e-mail that Google would have sent to a guest because of `sendUpdates`. */
export interface Invitation {
  seq: number
  at: string
  kind: 'invitation' | 'update' | 'cancellation'
  to: string
  calendarId: string
  eventId: string
  summary: string
  start: CalendarEvent['start']
  sendUpdates: 'all' | 'externalOnly'
}
