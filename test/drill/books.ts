import { atGoogle, atMercadoPago, type Books } from '../support/books.ts'
import { type Breach, findBreaches } from '../support/invariants.ts'
import { MONEY_CASES } from '../support/money-judge.ts'
import type { DrillDatabase, Rows } from './database.ts'
import { type Found, type JudgedClass, judgeCalendar, judgeConflicts, judgeDisputes, judgeForged, type ToldPayment } from './judge.ts'
import type { Town } from './town.ts'

/** What happened, from both sides. */
export interface Figures {
  holds: number
  holdsEnded: number
  classes: number
  classesCancelled: number
  guests: number
  paymentsTried: number
  paymentsApproved: number
  refunds: number
  pesosIn: number
  pesosBack: number
  openCases: number
  /** What hands did, as the product noticed it: moves it followed or asked about, events gone, words put right, appointments over classes. */
  handsNoticed: number
  doubleClasses: number
  lostPesos: number
  overFullClasses: number
  duplicateEvents: number
  unansweredPayments: number
  /** Whatever else must never be. */
  otherBreaches: number
  breaches: Found[]
}

/** Judged here with what is known of hands: the calendar was not only written by the product. */
const JUDGED_APART: readonly Breach['kind'][] = ['event', 'events']

/** Reads both sides. Nothing may be at work any more. `settledFromMs`: from when on everything worked. */
export async function readBooks(database: DrillDatabase, town: Town, settledFromMs: number): Promise<Figures> {
  const { sandbox } = town
  return database.look(async (rows) => {
    const books = { rows, control: sandbox.control }
    const common = (await findBreaches(books)).filter(({ kind }) => !JUDGED_APART.includes(kind))
    const breaches: Found[] = [...common, ...(await findMore(books, town, settledFromMs))]
    const count = (...kinds: Found['kind'][]) =>
      breaches.filter(({ kind }) => kinds.includes(kind)).reduce((sum, breach) => sum + breach.count, 0)
    return {
      ...(await classFigures(rows)),
      ...(await moneyFigures(books)),
      handsNoticed: await one(
        rows,
        `audit_log WHERE action = 'calendar.edit' OR action = 'class.reschedule' AND detail->>'by' = 'calendar'`,
      ),
      openCases: await one(rows, 'attention_case WHERE resolved_at IS NULL'),
      doubleClasses: count('overlap'),
      lostPesos: breaches.reduce((sum, { pesos }) => sum + pesos, 0),
      overFullClasses: count('seats'),
      duplicateEvents: count('events'),
      unansweredPayments: count('silent'),
      otherBreaches: count('host', 'scheduled', 'code', 'money', 'holds', 'work', 'event', 'forged', 'own-hour'),
      breaches,
    }
  })
}

async function classFigures(rows: Rows) {
  return {
    holds: await one(rows, 'virtual_class'),
    holdsEnded: await one(rows, `virtual_class WHERE status = 'cancelled' AND paid_at IS NULL`),
    classes: await one(rows, `virtual_class WHERE status IN ('scheduled', 'completed')`),
    classesCancelled: await one(rows, `virtual_class WHERE status = 'cancelled' AND paid_at IS NOT NULL`),
    guests: await one(rows, `participation WHERE rol = 'participante'`),
  }
}

/** Classes that an appointment lies over and nobody was told of, of those that began when everything worked. */
export async function readConflicts(books: Books, settledFromMs: number): Promise<Found[]> {
  return judgeConflicts({ events: await atGoogle(books), classes: await readClasses(books), settledFromMs })
}

function readClasses({ rows }: Books): Promise<{ [K in keyof JudgedClass]: JudgedClass[K] }[]> {
  return rows(
    `SELECT c.id, c.status, (extract(epoch FROM c.starts_at) * 1000)::float8 AS "startsMs", (extract(epoch FROM c.ends_at) * 1000)::float8 AS "endsMs",
       EXISTS (SELECT FROM attention_case a WHERE a.subject = 'class' AND a.subject_id = c.id::text AND a.reason = 'calendar_conflict') AS "toldOfConflict"
     FROM virtual_class c`,
  )
}

/** What only the drill does: hands in the calendar, disputes, forged notifications. */
async function findMore(books: Books, { hands, denied, forged, sandbox }: Town, settledFromMs: number): Promise<Found[]> {
  const calendar = { events: await atGoogle(books), classes: await readClasses(books), hands, denied, settledFromMs }
  const payments = await books.rows<{ [K in keyof ToldPayment]: ToldPayment[K] }>(
    `SELECT p.id, EXISTS (SELECT FROM attention_case a WHERE a.resolved_at IS NULL AND a.reason IN ${MONEY_CASES}
         AND a.subject_id IN (p.id, p.order_id::text)) AS flagged,
       EXISTS (SELECT FROM attention_case a WHERE a.resolved_at IS NULL AND a.subject_id = p.id AND a.reason = 'in_mediation') AS "claimOpen"
     FROM provider_payment p`,
  )
  const kept = await books.rows<{ id: string }>('SELECT external_id AS id FROM webhook_inbox WHERE external_id = ANY($1)', [
    forged.invented,
  ])
  return [
    ...judgeCalendar(calendar),
    ...(await readConflicts(books, settledFromMs)),
    ...judgeDisputes((await atMercadoPago(books)).payments, payments, Number(sandbox.settings.MERCADO_PAGO_COLLECTOR_ID)),
    ...judgeForged(
      forged.taken,
      kept.map(({ id }) => id),
    ),
  ]
}

async function moneyFigures(books: Books) {
  const { payments } = await atMercadoPago(books)
  const approved = payments.filter(({ status }) => ['approved', 'refunded', 'charged_back'].includes(status))
  const back = payments.flatMap(({ refunds }) => refunds).filter(({ status }) => status === 'approved')
  const sum = (list: readonly { amount: number }[]) => list.reduce((total, { amount }) => total + amount, 0)
  return {
    paymentsTried: payments.length,
    paymentsApproved: approved.length,
    refunds: back.length,
    pesosIn: sum(approved),
    pesosBack: sum(back),
  }
}

async function one(rows: Rows, text: string): Promise<number> {
  const [row] = await rows<{ n: number }>(`SELECT count(*)::int AS n FROM ${text}`)
  return row?.n ?? 0
}
