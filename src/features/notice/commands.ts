import { and, eq, isNull } from 'drizzle-orm'
import { z } from 'zod'
import type { Tx } from '../../db/client.ts'
import { appUser, notice } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { defineJob } from '../../jobs/define.ts'
import { backoffMs } from '../../kernel/backoff.ts'
import { plus } from '../../kernel/clock.ts'
import { closeCases, openCase } from '../operation/attention.ts'
import { findOrderOfClass, primaryPaymentId } from '../payment/store.ts'
import { classInvitation } from '../virtual-class/invitation.ts'
import { findClass, liveCode } from '../virtual-class/store.ts'
import { type MailChoices, wantsMail } from './choices.ts'
import { composeMail, type NoticeKind } from './text.es.ts'

const ATTEMPTS_MAX = 12

/** Writes down a message to a person, in the transaction of its cause; a job sends it. The same `dedupeKey` is written once. */
export async function notify(
  deps: Deps,
  tx: Tx,
  message: { userId: string; classId: string | null; kind: NoticeKind; dedupeKey: string; data?: Record<string, unknown> },
): Promise<void> {
  const [written] = await tx
    .insert(notice)
    .values({ id: deps.ids.uuid(), data: {}, ...message, createdAt: deps.clock.now() })
    .onConflictDoNothing({ target: notice.dedupeKey })
    .returning({ id: notice.id })
  if (written) await deps.jobs.enqueue(sendNoticeJob, { noticeId: written.id }, { key: written.id })
}

/** Sends one notice. A message that the class has overtaken is skipped, never sent stale. */
async function sendNotice(deps: Deps, noticeId: string): Promise<void> {
  const [row] = await deps.db.handle.select().from(notice).where(eq(notice.id, noticeId))
  if (row?.state !== 'queued') return
  const settle = (change: Partial<typeof notice.$inferInsert>) => deps.db.handle.update(notice).set(change).where(eq(notice.id, noticeId))
  if (!deps.mail) {
    await settle({ state: 'skipped', lastError: 'no mail configured' })
    return
  }
  const person = await readerOf(deps, row.userId)
  if (!person || !wantsMail(person.choices, row.kind)) {
    await settle({ state: 'skipped', lastError: person ? 'not wanted' : 'account closed' })
    return
  }
  const about = row.classId ? await findClass(deps.db.handle, row.classId) : null
  // Only hosts are ever told a code.
  const code = about?.bookedById === row.userId ? await liveCode(deps.db.handle, about.id) : null
  const { baseUrl, joinLeadMinutes } = deps.config
  const details = about ? await detailsOf(deps, about, row.userId) : { host: null, paymentId: null }
  const mail = composeMail(row.kind as NoticeKind, { person, about, ...details, code, data: row.data, baseUrl, joinLeadMinutes })
  if (!mail) {
    await settle({ state: 'skipped', lastError: 'overtaken' })
    return
  }
  const file = about && row.kind === 'class-confirmed' ? await classInvitation(deps, row.userId, about.id) : null
  const calendar = file === null ? {} : { calendar: { filename: 'clase-de-ingles.ics', content: file } }
  const sent = await deps.mail.send({ id: row.id, to: person.email, ...mail, ...calendar })
  if (sent.ok) {
    await settle({ state: 'sent', sentAt: deps.clock.now(), lastError: null })
    await closeCases(deps, deps.db.handle, { subject: 'notice', subjectId: noticeId })
    return
  }
  const attempts = row.attempts + 1
  if (sent.reason === 'refused' || attempts >= ATTEMPTS_MAX) {
    await deps.db.transaction(async (tx) => {
      await tx.update(notice).set({ state: 'failed', attempts, lastError: sent.reason }).where(eq(notice.id, noticeId))
      const detail = `${row.kind}: ${sent.reason}`
      await openCase(deps, tx, { subject: 'notice', subjectId: noticeId, reason: 'notice_failed', detail })
    })
    deps.log.warn({ noticeId, kind: row.kind, reason: sent.reason }, 'notice could not be sent')
    return
  }
  await deps.db.transaction(async (tx) => {
    await tx.update(notice).set({ attempts, lastError: sent.reason }).where(eq(notice.id, noticeId))
    const startAfter = plus(deps.clock.now(), backoffMs(attempts, deps.ids))
    await deps.jobs.enqueue(sendNoticeJob, { noticeId }, { key: noticeId, startAfter })
  })
}

/** Whoever is written to, and what they want to hear; null once their account has ended. */
async function readerOf(deps: Deps, userId: string): Promise<{ email: string; name: string; choices: MailChoices } | null> {
  const [row] = await deps.db.handle
    .select({
      email: appUser.email,
      name: appUser.name,
      dayBefore: appUser.mailDayBefore,
      hourBefore: appUser.mailHourBefore,
      activity: appUser.mailActivity,
      newsletter: appUser.newsletter,
    })
    .from(appUser)
    .where(and(eq(appUser.id, userId), isNull(appUser.deletedAt)))
  if (!row) return null
  const { email, name, newsletter, ...choices } = row
  return { email, name, choices: { ...choices, newsletter: newsletter === 'si' } }
}

async function detailsOf(
  deps: Deps,
  about: { id: string; bookedById: string },
  readerId: string,
): Promise<{ host: { name: string; isReader: boolean } | null; paymentId: string | null }> {
  const { handle } = deps.db
  const [host] = await handle.select({ name: appUser.name }).from(appUser).where(eq(appUser.id, about.bookedById))
  const order = await findOrderOfClass(handle, about.id)
  return {
    host: host ? { name: host.name, isReader: about.bookedById === readerId } : null,
    paymentId: order ? await primaryPaymentId(handle, order.id) : null,
  }
}

/** Sends a notice again that had failed for good. False when there is nothing to send. */
export async function retryNotice(deps: Deps, noticeId: string): Promise<boolean> {
  return deps.db.transaction(async (tx) => {
    const [row] = await tx
      .update(notice)
      .set({ state: 'queued', attempts: 0 })
      .where(and(eq(notice.id, noticeId), eq(notice.state, 'failed')))
      .returning({ id: notice.id })
    if (row) await deps.jobs.enqueue(sendNoticeJob, { noticeId }, { key: noticeId })
    return row !== undefined
  })
}

export const sendNoticeJob = defineJob({
  name: 'notice.send',
  payload: z.object({ noticeId: z.uuid() }),
  run: (deps, { noticeId }) => sendNotice(deps, noticeId),
})
