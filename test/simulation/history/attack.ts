import { createHmac } from 'node:crypto'
import { differences, digest } from '../judge/digest.ts'
import { ORIGINS } from '../rig/network.ts'
import { WEBHOOK_SECRET } from '../rig/simulation.ts'
import { giveaways, prepareSignInAttack } from './attack-sign-in.ts'
import { type AttackKind, isSignInAttack, type SignInAttack, STUDENTS, type Student, slotAt } from './plan.ts'
import type { Answer, KnownClass, KnownOrder, Stage } from './stage.ts'

interface Prey {
  order: KnownOrder | null
  target: KnownClass | null
}

const FOREIGN_ID = '11111111-1111-4111-8111-111111111111'
const WEBHOOK = '/api/mercado-pago/webhook'

/** Somebody tries to get what is not his: he is answered as the contract says, and nothing changes. Nobody else acts meanwhile. */
export async function attack(stage: Stage, kind: AttackKind, prey: Prey): Promise<void> {
  const signIn = isSignInAttack(kind) ? await prepareSignInAttack(stage, kind) : null
  if (isSignInAttack(kind) && !signIn) return
  const before = await digest(stage.sim)
  const answered = signIn ? await on(signIn(), 302) : await attempt(stage, kind as Exclude<AttackKind, SignInAttack>, prey)
  if (!answered) return
  const { answer, expected } = answered
  if (signIn && answer.status !== 0) for (const what of giveaways(answer)) stage.violations.push(`attack: ${kind} ${what}`)
  if (answer.status !== 0 && !expected.includes(answer.status))
    stage.violations.push(`attack: ${kind} was answered ${answer.status} instead of ${expected.join(' or ')}`)
  const changed = differences(before, await digest(stage.sim))
  if (changed.length > 0) stage.violations.push(`attack: ${kind} changed ${changed.join(', ')}`)
  if (/meet\.google\.com/.test(answer.text)) stage.violations.push(`attack: ${kind} was given a Meet link`)
}

async function attempt(
  stage: Stage,
  kind: Exclude<AttackKind, SignInAttack>,
  prey: Prey,
): Promise<{ answer: Answer; expected: number[] } | null> {
  const mallory = STUDENTS.find((who) => who !== prey.order?.host && who !== prey.target?.host) ?? 'dani'
  const someone = (host: Student | undefined): Student => STUDENTS.find((who) => who !== host) ?? mallory
  const { order, target } = prey
  const slot = slotAt(3)
  switch (kind) {
    case 'price':
      return on(stage.ask(mallory, 'POST', '/api/checkout', { ...slot, price: 1 }), 400)
    case 'borrowed-preference':
      return order && on(stage.ask(someone(order.host), 'POST', '/api/booking', { ...slot, preferenceId: order.preferenceId }), 404, 400)
    case 'forged-resource':
      return on(stage.ask('nobody', 'POST', WEBHOOK, { topic: 'merchant_order', resource: 'https://evil.test/merchant_orders/1' }), 400)
    case 'forged-signature':
      return on(webhook(stage, '123456', `ts=${Math.floor(stage.sim.clock.milliseconds / 1_000)},v1=${'a'.repeat(64)}`), 401)
    case 'no-signature':
      return on(webhook(stage, '123456', null), 401)
    case 'other-id-signature':
      return on(webhook(stage, '123456', signature(stage, '654321')), 401)
    case 'guessed-code':
      return on(stage.ask(mallory, 'POST', '/api/access-code', { accessCode: 'AAAAAAAA' }), 404)
    case 'calendar-as-student':
      return order && on(stage.ask(order.host, 'POST', '/api/calendar', { preferenceId: order.preferenceId }), 403)
    case 'calendar-anonymous':
      return order && on(stage.ask('nobody', 'POST', '/api/calendar', { preferenceId: order.preferenceId }), 401)
    case 'return-page':
      return order && on(returnPage(stage, someone(order.host), order.preferenceId), 200)
    case 'foreign-payment':
      return order && on(stage.ask(someone(order.host), 'GET', `/api/payments/${order.preferenceId}`), 404)
    case 'foreign-class':
      return on(stage.ask(mallory, 'GET', `/api/classes/${FOREIGN_ID}/join`), 404)
    case 'foreign-cancel':
      // Whoever joined the class is told that only its host may; everybody else that there is none.
      return target && on(stage.ask(someone(target.host), 'POST', `/api/classes/${target.classId}/cancel`, {}), 403, 404)
    case 'admin-as-student':
      return on(stage.ask(mallory, 'POST', `/api/admin/payments/${FOREIGN_ID}/refund`, {}), 403)
    case 'too-late-booking':
      return on(stage.ask(mallory, 'POST', '/api/checkout', { start: '2026-11-23T12:00:00Z', end: '2026-11-23T13:00:00Z' }), 400)
  }
}

/** Somebody else's payment looks like one that does not exist, whatever became of it. */
async function returnPage(stage: Stage, who: Student, preferenceId: string): Promise<Answer> {
  const ask = (id: string) => stage.ask(who, 'GET', `/checkout/callback/success?preference_id=${id}&status=approved`)
  const [answer, unknown] = [await ask(preferenceId), await ask('of-nobody')]
  const contentOf = ({ text }: Answer) => /<h1[\s\S]*<\/main>/.exec(text)?.[0]
  if (answer.status !== 0 && unknown.status !== 0 && contentOf(answer)?.replaceAll(preferenceId, 'of-nobody') !== contentOf(unknown))
    stage.violations.push('attack: return-page was told more of a payment of somebody else than of one that does not exist')
  return answer
}

async function on(asked: Promise<Answer>, ...expected: number[]): Promise<{ answer: Answer; expected: number[] }> {
  return { answer: await asked, expected }
}

const REQUEST_ID = '22222222-2222-4222-8222-222222222222'

function webhook(stage: Stage, id: string, xSignature: string | null): Promise<Answer> {
  const headers = { 'x-request-id': REQUEST_ID, ...(xSignature ? { 'x-signature': xSignature } : {}) }
  const body = { type: 'payment', data: { id }, resource: `${ORIGINS.mp}/v1/payments/${id}` }
  return stage.ask('nobody', 'POST', `${WEBHOOK}?data.id=${id}&type=payment&source_news=webhooks`, body, headers)
}

function signature(stage: Stage, id: string): string {
  const ts = String(Math.floor(stage.sim.clock.milliseconds / 1_000))
  const v1 = createHmac('sha256', WEBHOOK_SECRET).update(`id:${id};request-id:${REQUEST_ID};ts:${ts};`).digest('hex')
  return `ts=${ts},v1=${v1}`
}
