import type { GoogleWorld } from '../world.ts'
import { badRequest, fullSyncRequired, GoogleApiError, invalidParameter, timeRangeEmpty } from './errors.ts'
import { renderEvent } from './event-view.ts'
import type { Calendar, CalendarEvent, Caller } from './model.ts'
import { expand } from './recurrence.ts'
import { etagOf } from './store.ts'
import { instantOf, isTimeZone, parseInstant } from './time.ts'

/** Parameters that may not come together with a sync token (section 2.4 of the provider contract). */
const NOT_WITH_SYNC_TOKEN = [
  'iCalUID',
  'orderBy',
  'privateExtendedProperty',
  'q',
  'sharedExtendedProperty',
  'timeMin',
  'timeMax',
  'updatedMin',
]
/** A first read with one of these gives no sync token. */
const WITHOUT_SYNC_TOKEN = ['iCalUID', 'orderBy', 'privateExtendedProperty', 'q', 'sharedExtendedProperty', 'updatedMin']
const PAGE_SIZE_DEFAULT = 250
const PAGE_SIZE_MAX = 2_500
const SYNC_TOKEN_LIFETIME_MS = 28 * 86_400_000
const OPEN_END_MS = 2 * 366 * 86_400_000

interface ListQuery {
  singleEvents: boolean
  showDeleted: boolean
  orderBy: 'startTime' | 'updated' | null
  timeMin: number | null
  timeMax: number | null
  updatedMin: number | null
  q: string | null
  iCalUID: string | null
  privateProperties: string[]
  sharedProperties: string[]
  timeZone: string
  pageSize: number
}

/** What a sync token remembers: the state it stands for and the view it was taken from. */
interface SyncToken {
  calendar: string
  change: number
  issuedAt: number
  view: Pick<ListQuery, 'singleEvents' | 'timeMin' | 'timeMax'>
}

/** events.list: one page, with `nextPageToken`, or `nextSyncToken` on the last one. */
export function listEvents(world: GoogleWorld, calendar: Calendar, caller: Caller, search: URLSearchParams): Record<string, unknown> {
  const syncToken = search.get('syncToken')
  const sync = syncToken === null ? undefined : readSyncToken(world, calendar, search, syncToken)
  const asked = readQuery(world, calendar, search)
  const query = sync ? { ...asked, ...sync.view, showDeleted: true } : asked
  const page = readPageToken(search.get('pageToken'))
  const all = sort(select(calendar, query, sync), query, calendar)
  const items = all.slice(page.offset, page.offset + query.pageSize)
  const more = page.offset + items.length < all.length
  // The state a sync starts from is fixed on the first page, so that a change between two pages is not lost.
  const change = page.change ?? calendar.change
  const givesSyncToken = !WITHOUT_SYNC_TOKEN.some((name) => search.has(name)) && caller.kind === 'account'
  const { singleEvents, timeMin, timeMax } = query
  return {
    kind: 'calendar#events',
    etag: `"p${calendar.change}"`,
    summary: calendar.summary,
    description: '',
    updated: new Date(Math.max(0, ...Object.values(calendar.events).map((event) => event.updatedAt))).toISOString(),
    timeZone: query.timeZone,
    accessRole: caller.kind === 'account' && caller.sub === calendar.ownerSub ? 'owner' : 'reader',
    defaultReminders: [],
    ...(more && { nextPageToken: encode({ offset: page.offset + items.length, change }) }),
    ...(!more &&
      givesSyncToken && {
        nextSyncToken: encode({
          calendar: calendar.id,
          change,
          issuedAt: now(world),
          view: { singleEvents, timeMin, timeMax },
        } satisfies SyncToken),
      }),
    items: items.map((event) => renderEvent(world, calendar, event, caller, query.timeZone)),
  }
}

function readQuery(world: GoogleWorld, calendar: Calendar, search: URLSearchParams): ListQuery {
  const singleEvents = search.get('singleEvents') === 'true'
  const orderBy = search.get('orderBy')
  if (orderBy !== null && orderBy !== 'startTime' && orderBy !== 'updated') throw invalidParameter('orderBy')
  if (orderBy === 'startTime' && !singleEvents) throw badRequest('The requested ordering is not available for the particular query.')
  const timeMin = instantParameter(search, 'timeMin')
  const timeMax = instantParameter(search, 'timeMax')
  if (timeMin !== null && timeMax !== null && timeMax <= timeMin) throw timeRangeEmpty()
  const timeZone = search.get('timeZone') ?? calendar.timeZone
  if (!isTimeZone(timeZone)) throw invalidParameter('timeZone')
  const updatedMin = instantParameter(search, 'updatedMin')
  if (updatedMin !== null && updatedMin < now(world) - SYNC_TOKEN_LIFETIME_MS) {
    throw new GoogleApiError(410, 'updatedMinTooLongAgo', 'The requested minimum modification time lies too far in the past.', {
      domain: 'calendar',
      locationType: 'parameter',
      location: 'updatedMin',
    })
  }
  return {
    singleEvents,
    showDeleted: search.get('showDeleted') === 'true' || updatedMin !== null,
    orderBy,
    timeMin,
    timeMax,
    updatedMin,
    q: search.get('q')?.toLowerCase() ?? null,
    iCalUID: search.get('iCalUID'),
    privateProperties: search.getAll('privateExtendedProperty').map(propertyConstraint),
    sharedProperties: search.getAll('sharedExtendedProperty').map(propertyConstraint),
    timeZone,
    pageSize: Math.min(readPageSize(search), world.state.settings.listPageSizeMax ?? PAGE_SIZE_MAX),
  }
}

function select(calendar: Calendar, query: ListQuery, sync: SyncToken | undefined): CalendarEvent[] {
  const stored = Object.values(calendar.events).filter((event) => !sync || event.change > sync.change)
  const shown = query.singleEvents
    ? stored.flatMap((event) => (event.recurrence ? expandForList(calendar, event, query) : [event]))
    : stored
  return shown.filter((event) => isWanted(calendar, event, query, sync !== undefined))
}

function isWanted(calendar: Calendar, event: CalendarEvent, query: ListQuery, delta: boolean): boolean {
  if (event.status === 'cancelled' && !query.showDeleted) return false
  if (!overlapsWindow(calendar, event, query) && !(delta && event.status === 'cancelled')) return false
  if (query.updatedMin !== null && event.updatedAt < query.updatedMin) return false
  if (query.iCalUID !== null && event.iCalUID !== query.iCalUID) return false
  if (!hasProperties(event.extendedProperties?.private, query.privateProperties)) return false
  if (!hasProperties(event.extendedProperties?.shared, query.sharedProperties)) return false
  return query.q === null || [event.summary, event.description, event.location].join('\n').toLowerCase().includes(query.q)
}

function overlapsWindow(calendar: Calendar, event: CalendarEvent, query: ListQuery): boolean {
  if (event.recurrence && !query.singleEvents) return expandForList(calendar, event, query).length > 0 || event.status === 'cancelled'
  const start = instantOf(event.start, calendar.timeZone)
  const end = instantOf(event.end, calendar.timeZone)
  return (query.timeMin === null || end > query.timeMin) && (query.timeMax === null || start < query.timeMax)
}

function expandForList(calendar: Calendar, event: CalendarEvent, query: ListQuery): CalendarEvent[] {
  const from = query.timeMin ?? Number.NEGATIVE_INFINITY
  const to = query.timeMax ?? Math.max(query.timeMin ?? 0, instantOf(event.start, calendar.timeZone)) + OPEN_END_MS
  return expand(calendar, event, { from, to })
}

function sort(events: CalendarEvent[], query: ListQuery, calendar: Calendar): CalendarEvent[] {
  const key = (event: CalendarEvent) => (query.orderBy === 'startTime' ? instantOf(event.start, calendar.timeZone) : event.updatedAt)
  return events.sort((a, b) => key(a) - key(b) || a.change - b.change || (a.id < b.id ? -1 : 1))
}

function readSyncToken(world: GoogleWorld, calendar: Calendar, search: URLSearchParams, text: string): SyncToken {
  const conflict = NOT_WITH_SYNC_TOKEN.find((name) => search.has(name))
  if (conflict) throw invalidParameter(conflict, 'Sync token cannot be used together with other query restrictions.')
  if (search.get('showDeleted') === 'false') throw invalidParameter('showDeleted', 'Sync token requires deleted events to be shown.')
  const token = decode<SyncToken>(text)
  const known = token?.calendar === calendar.id && Number.isInteger(token.change) && token.change <= calendar.change
  if (!token || !known || token.change < calendar.syncableFrom || token.issuedAt + SYNC_TOKEN_LIFETIME_MS <= now(world))
    throw fullSyncRequired()
  return token
}

function readPageToken(text: string | null): { offset: number; change: number | null } {
  if (text === null) return { offset: 0, change: null }
  const token = decode<{ offset: number; change: number }>(text)
  if (!token || !Number.isInteger(token.offset) || !Number.isInteger(token.change)) throw invalidParameter('pageToken')
  return token
}

function readPageSize(search: URLSearchParams): number {
  const size = Number(search.get('maxResults') ?? PAGE_SIZE_DEFAULT)
  if (!Number.isInteger(size) || size < 1) throw invalidParameter('maxResults')
  return Math.min(size, PAGE_SIZE_MAX)
}

function instantParameter(search: URLSearchParams, name: string): number | null {
  const text = search.get(name)
  return text === null ? null : parseInstant(text, name)
}

function propertyConstraint(text: string): string {
  if (!text.includes('=')) throw invalidParameter('privateExtendedProperty')
  return text
}

function hasProperties(properties: Record<string, string> | undefined, constraints: string[]): boolean {
  return constraints.every((constraint) => {
    const at = constraint.indexOf('=')
    return properties?.[constraint.slice(0, at)] === constraint.slice(at + 1)
  })
}

/** Etag of the answer to events.get with `If-None-Match`. */
export function isUnchanged(event: CalendarEvent, ifNoneMatch: string | undefined): boolean {
  return ifNoneMatch !== undefined && ifNoneMatch === etagOf(event)
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function decode<T>(text: string): T | undefined {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString()) as T
  } catch {
    return undefined
  }
}

function now(world: GoogleWorld): number {
  return world.context.clock.now().getTime()
}
