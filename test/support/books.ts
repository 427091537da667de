/** Both sides of what happened: the application's database, and what the providers wrote down (the sandbox's control API). */
export interface Books {
  rows<T extends Record<string, unknown>>(text: string, values?: unknown[]): Promise<T[]>
  control(path: string, body?: unknown, method?: string): Promise<Record<string, unknown>>
}

/** A payment as the provider has it. Pesos. */
export interface PaidMoney {
  id: number
  preferenceId: string
  externalReference: string | null
  status: string
  amount: number
  currency: string
  collectorId: number
  /** Since when all of it is away, given back or taken by the bank; null while it is not. */
  goneAt: string | null
  refunds: RefundedMoney[]
}

export interface RefundedMoney {
  id: number
  amount: number
  status: string
  /** Made in Mercado Pago's panel; the others we have asked for. */
  byHand: boolean
}

export interface ProviderState {
  preferences: { id: string; body: { external_reference?: string } }[]
  payments: PaidMoney[]
}

export interface EventAtGoogle {
  id: string
  status: string
  classId: string | null
  /** When it begins; null for one that lasts all day. */
  startsAt: string | null
  /** When it ends; null for one that lasts all day. */
  endsAt: string | null
  summary: string
  attendees: string[]
}

export async function atMercadoPago(books: Books): Promise<ProviderState> {
  return (await books.control('/mercado-pago/state')) as unknown as ProviderState
}

/** Every event ever made in the teacher's calendar, or in another one, deleted ones with status "cancelled". */
export async function atGoogle(books: Books, calendar?: string): Promise<EventAtGoogle[]> {
  const { events } = (await books.control(`/google/events${calendar === undefined ? '' : `?calendar=${calendar}`}`)) as {
    events: {
      id: string
      status: string
      summary?: string
      start?: { dateTime?: string }
      end?: { dateTime?: string }
      attendees?: { email: string }[]
      extendedProperties?: { private?: Record<string, string> }
    }[]
  }
  return events.map((event) => ({
    id: event.id,
    status: event.status,
    classId: event.extendedProperties?.private?.bookingId ?? null,
    startsAt: event.start?.dateTime ?? null,
    endsAt: event.end?.dateTime ?? null,
    summary: event.summary ?? '',
    attendees: (event.attendees ?? []).map(({ email }) => email).sort(),
  }))
}

export async function mailsTo(books: Books, email: string): Promise<{ subject: string }[]> {
  const { mails } = (await books.control(`/mail?to=${encodeURIComponent(email)}`)) as { mails: { subject: string }[] }
  return mails
}

export async function countOf(books: Books, text: string, values: unknown[] = []): Promise<number> {
  const [row] = await books.rows<{ n: number }>(`SELECT count(*)::int AS n FROM ${text}`, values)
  return row?.n ?? 0
}

/** Pairs of live classes of one teacher that share time. */
export async function overlappingPairs(books: Books): Promise<number> {
  return countOf(
    books,
    `virtual_class a JOIN virtual_class b ON a.teacher_id = b.teacher_id AND a.id < b.id
      AND tstzrange(a.starts_at, a.ends_at, '[)') && tstzrange(b.starts_at, b.ends_at, '[)')
     WHERE a.status IN ('pending', 'scheduled') AND b.status IN ('pending', 'scheduled')`,
  )
}
