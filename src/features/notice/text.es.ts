import type { VirtualClassRow } from '../../db/tables.ts'
import { formatMoney } from '../../kernel/money.ts'
import { formatLongDate, formatTimeRange } from '../../kernel/zoned-time.ts'

export type NoticeKind =
  | 'class-confirmed'
  | 'class-rescheduled'
  | 'class-cancelled'
  /** To a guest whose seat the host gave free. */
  | 'seat-released'
  | 'refund-made'
  | 'calendar-disconnected'
  | 'ticket-answered'

interface Context {
  person: { name: string }
  about: VirtualClassRow | null
  /** Who booked the class it is about. */
  host: { name: string; isReader: boolean } | null
  /** The number of the payment that paid it, as Mercado Pago counts. */
  paymentId: string | null
  code: string | null
  data: Record<string, unknown>
  baseUrl: string
  joinLeadMinutes: number
}

export interface ComposedMail {
  subject: string
  text: string
  html: string
}

/** The mail of a notice, or null when what it would say is no longer true. A mail never holds the Meet link (behaviour 7). */
export function composeMail(kind: NoticeKind, context: Context): ComposedMail | null {
  const lines = LINES[kind](context)
  if (!lines) return null
  const greeting = `Hola, ${context.person.name.split(' ')[0] ?? ''}:`
  const closing = 'HablaInglesYa'
  return {
    subject: lines.subject,
    text: [greeting, '', ...lines.body, '', `${lines.action.label}: ${lines.action.url}`, '', closing].join('\n'),
    html: htmlMail([greeting, ...lines.body], lines.action, closing),
  }
}

interface Lines {
  subject: string
  body: string[]
  action: { label: string; url: string }
}

const LINES: Record<NoticeKind, (context: Context) => Lines | null> = {
  'class-confirmed': ({ about, code, paymentId, baseUrl, joinLeadMinutes }) => {
    if (about?.status !== 'scheduled') return null
    const body = [`Tu clase de inglés está confirmada: ${when(about)} (hora de Argentina).`]
    body.push(about.classType === 'grupal' ? `Clase grupal para ${about.maxParticipants} personas.` : 'Clase individual.')
    if (about.learningFocus) body.push(`Objetivo: ${about.learningFocus}`)
    body.push(`Pagaste ${formatMoney(about.priceCentavos)} ARS.${paymentId ? ` ID de pago: ${paymentId}` : ''}`)
    if (about.classType === 'grupal' && code) {
      body.push(
        `Código para tus invitados: ${code}`,
        `Compartí este código solo con quienes van a participar. Funciona desde ${joinLeadMinutes} minutos antes y hasta que termina la clase.`,
      )
    }
    body.push(`El botón para entrar aparece en Mis Clases Virtuales ${joinLeadMinutes} minutos antes.`)
    return {
      subject: `Clase confirmada: ${when(about)}`,
      body,
      action: { label: 'Ver mis clases', url: `${baseUrl}/inicio/mis-clases-virtuales` },
    }
  },
  'class-rescheduled': ({ about, code, data, baseUrl, joinLeadMinutes }) => {
    // Cancelled, or moved once more: another message says what is true now.
    if (about?.status !== 'scheduled' || about.moveCount !== data.move) return null
    const before = { startsAt: new Date(String(data.from)), endsAt: new Date(String(data.until)) }
    const who = data.by === 'admin' ? 'El profesor pasó tu clase de inglés a otro horario.' : 'Tu clase de inglés pasó a otro horario.'
    const body = [who, `Ahora es el ${when(about)} (hora de Argentina). Antes era el ${when(before)}.`]
    if (code) body.push(`Código nuevo: ${code}`, 'El código anterior ya no funciona. Quienes ya se habían unido siguen en la clase.')
    body.push(`El botón para entrar aparece en Mis Clases Virtuales ${joinLeadMinutes} minutos antes.`)
    return {
      subject: `Clase reprogramada: ${when(about)}`,
      body,
      action: { label: 'Ver mis clases', url: `${baseUrl}/inicio/mis-clases-virtuales` },
    }
  },
  'class-cancelled': ({ about, host, data, baseUrl }) => {
    if (about?.status !== 'cancelled') return null
    const refund = data.refund === 'full' ? 'Te devolvemos el total por Mercado Pago.' : 'No corresponde reembolso.'
    return {
      subject: `Clase cancelada: ${when(about)}`,
      body: [
        host && !host.isReader
          ? `La clase de ${host.name} del ${when(about)}, a la que te habías sumado, quedó cancelada.`
          : `La clase del ${when(about)} quedó cancelada.`,
        ...(data.refund === undefined ? [] : [refund]),
      ],
      action: { label: 'Reservar otra clase', url: `${baseUrl}/inicio/reservas` },
    }
  },
  'seat-released': ({ about, host, baseUrl }) => {
    if (about?.status !== 'scheduled') return null
    return {
      subject: `Ya no tenés un lugar en la clase: ${when(about)}`,
      body: [
        `${host?.name ?? 'El anfitrión'} liberó tu lugar en la clase del ${when(about)} (hora de Argentina). No tenés que hacer nada.`,
      ],
      action: { label: 'Ver mis clases', url: `${baseUrl}/inicio/mis-clases-virtuales` },
    }
  },
  'refund-made': ({ about, data, baseUrl }) => ({
    subject: 'Te devolvimos tu pago',
    body: [
      refundReason(data.reason),
      ...(about ? [`Clase: ${when(about)}.`] : []),
      `Importe: ${formatMoney(Number(data.amountCentavos))} ARS, por el mismo medio con el que pagaste.`,
    ],
    action: { label: 'Reservar otra clase', url: `${baseUrl}/inicio/reservas` },
  }),
  'calendar-disconnected': ({ baseUrl }) => ({
    subject: 'Hay que volver a conectar tu calendario de Google',
    body: [
      'Google dejó de aceptar la conexión con tu calendario. Las clases pagadas esperan: se completan solas cuando la vuelvas a conectar.',
    ],
    action: { label: 'Conectar calendario', url: `${baseUrl}/admin/google` },
  }),
  'ticket-answered': ({ data, baseUrl }) => ({
    subject: `Respondimos tu ticket ${String(data.ticketNumber)}`,
    body: [`Hay una respuesta nueva en tu ticket ${String(data.ticketNumber)}.`],
    action: { label: 'Ver la respuesta', url: `${baseUrl}/inicio/tickets?ticketId=${String(data.ticketId)}` },
  }),
}

function refundReason(reason: unknown): string {
  switch (reason) {
    case 'no_valid_hold':
      return 'Recibimos tu pago, pero el horario ya no estaba disponible. Te devolvemos el total.'
    case 'surplus_payment':
      return 'Recibimos un pago repetido por la misma clase y te lo devolvimos.'
    case 'host_cancelled':
      return 'Te devolvimos el pago de tu clase porque la cancelaste a tiempo.'
    case 'admin_cancelled':
      return 'Te devolvimos el pago de tu clase porque el profesor la canceló.'
    default:
      return 'Te devolvimos el pago de tu clase.'
  }
}

function when(c: { startsAt: Date; endsAt: Date }): string {
  return `${formatLongDate(c.startsAt)}, ${formatTimeRange(c.startsAt, c.endsAt)}`
}

function htmlMail(paragraphs: string[], action: { label: string; url: string }, closing: string): string {
  const body = paragraphs.map((line) => `<p style="margin:0 0 16px">${escapeHtml(line)}</p>`).join('')
  return `<!doctype html><html lang="es-AR"><body style="margin:0;padding:24px;background:#FBFAF6;color:#1B1530;font:16px/1.5 system-ui,sans-serif"><div style="max-width:560px;margin:0 auto">${body}<p style="margin:24px 0"><a href="${escapeHtml(action.url)}" style="background:#5636D9;color:#FFFFFF;padding:12px 20px;border-radius:10px;text-decoration:none;font-weight:600">${escapeHtml(action.label)}</a></p><p style="color:#5D5672">${closing}</p></div></body></html>`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
