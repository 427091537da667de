import type { Answer, Rig } from './rig.ts'

/** A payment as the provider has it. Pesos. */
export interface PaidMoney {
  id: number
  preferenceId: string
  externalReference: string | null
  status: string
  amount: number
  currency: string
  refunds: { id: number; amount: number; status: string }[]
}

export interface ProviderState {
  preferences: { id: string; body: { external_reference?: string } }[]
  payments: PaidMoney[]
}

export interface EventAtGoogle {
  id: string
  status: string
  classId: string | null
  attendees: string[]
}

export async function atMercadoPago(rig: Rig): Promise<ProviderState> {
  return (await rig.world.control('/mercado-pago/state')) as unknown as ProviderState
}

/** Every event ever made in the teacher's calendar, deleted ones with status "cancelled". */
export async function atGoogle(rig: Rig): Promise<EventAtGoogle[]> {
  const { events } = (await rig.world.control('/google/events')) as {
    events: {
      id: string
      status: string
      attendees?: { email: string }[]
      extendedProperties?: { private?: Record<string, string> }
    }[]
  }
  return events.map((event) => ({
    id: event.id,
    status: event.status,
    classId: event.extendedProperties?.private?.bookingId ?? null,
    attendees: (event.attendees ?? []).map(({ email }) => email).sort(),
  }))
}

export async function mailsTo(rig: Rig, email: string): Promise<{ subject: string }[]> {
  const { mails } = (await rig.world.control(`/mail?to=${encodeURIComponent(email)}`)) as { mails: { subject: string }[] }
  return mails
}

export async function countOf(rig: Rig, text: string, values: unknown[] = []): Promise<number> {
  const [row] = await rig.world.rows<{ n: number }>(`SELECT count(*)::int AS n FROM ${text}`, values)
  return row?.n ?? 0
}

/** Pairs of live classes of one teacher that share time. */
export async function overlappingPairs(rig: Rig): Promise<number> {
  return countOf(
    rig,
    `virtual_class a JOIN virtual_class b ON a.teacher_id = b.teacher_id AND a.id < b.id
      AND tstzrange(a.starts_at, a.ends_at, '[)') && tstzrange(b.starts_at, b.ends_at, '[)')
     WHERE a.status IN ('pending', 'scheduled') AND b.status IN ('pending', 'scheduled')`,
  )
}

/** How many answers of each status. */
export function tally(answers: readonly Answer[]): Record<number, number> {
  const counts: Record<number, number> = {}
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

/** A line of harm when two numbers differ. */
export function expectCount(kind: string, what: string, found: number, wanted: number): string[] {
  return found === wanted ? [] : [`${kind}: ${found} ${what} instead of ${wanted}`]
}

/** A line of harm for each answer whose status is not one of `allowed`. */
export function unexpected(answers: readonly Answer[], allowed: readonly number[]): string[] {
  return answers
    .filter(({ status }) => !allowed.includes(status))
    .map(({ status, body }) => `answer: ${status} ${JSON.stringify(body).slice(0, 200)}`)
}
