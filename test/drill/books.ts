import { atMercadoPago } from '../support/books.ts'
import { type Breach, findBreaches } from '../support/invariants.ts'
import type { DrillDatabase, Rows } from './database.ts'
import type { Sandbox } from './sandbox.ts'

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
  doubleClasses: number
  lostPesos: number
  overFullClasses: number
  duplicateEvents: number
  unansweredPayments: number
  /** Whatever else must never be. */
  otherBreaches: number
  breaches: Breach[]
}

/** Reads both sides. Nothing may be at work any more. */
export async function readBooks(database: DrillDatabase, sandbox: Sandbox): Promise<Figures> {
  return database.look(async (rows) => {
    const breaches = await findBreaches({ rows, control: sandbox.control })
    const count = (...kinds: Breach['kind'][]) =>
      breaches.filter(({ kind }) => kinds.includes(kind)).reduce((sum, breach) => sum + breach.count, 0)
    return {
      ...(await classFigures(rows)),
      ...(await moneyFigures(sandbox)),
      openCases: await one(rows, 'attention_case WHERE resolved_at IS NULL'),
      doubleClasses: count('overlap'),
      lostPesos: breaches.reduce((sum, { pesos }) => sum + pesos, 0),
      overFullClasses: count('seats'),
      duplicateEvents: count('events'),
      unansweredPayments: count('silent'),
      otherBreaches: count('host', 'scheduled', 'code', 'money', 'holds', 'work', 'event'),
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

async function moneyFigures(sandbox: Sandbox) {
  const { payments } = await atMercadoPago({ rows: async () => [], control: sandbox.control })
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
