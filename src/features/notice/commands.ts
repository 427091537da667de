import { z } from 'zod'
import type { Tx } from '../../db/client.ts'
import type { Deps } from '../../deps.ts'
import { defineJob } from '../../jobs/define.ts'
import { backoffMs } from '../../kernel/backoff.ts'
import { MINUTE_MS, plus } from '../../kernel/clock.ts'
import { closeCases, openCase } from '../operation/attention.ts'
import type { NoticeKind } from './kinds.ts'
import { mailOf } from './mail.ts'
import * as store from './store.ts'

const ATTEMPTS_MAX = 12

/**
 * Writes down a message to a person, in the transaction of its cause; a job sends it. The same `dedupeKey` is written once. `sendAfter`: for
 * what usually passes at once; whether it is still true is looked at only then.
 */
export async function notify(
  deps: Deps,
  tx: Tx,
  message: { userId: string; classId: string | null; kind: NoticeKind; dedupeKey: string; data?: Record<string, unknown> },
  sendAfter?: Date,
): Promise<void> {
  const noticeId = await store.insertNotice(tx, { id: deps.ids.uuid(), data: {}, ...message, createdAt: deps.clock.now() })
  if (!noticeId) return
  await deps.jobs.enqueue(sendNoticeJob, { noticeId }, { key: noticeId, ...(sendAfter ? { startAfter: sendAfter } : {}) })
}

/** Whether a person was told the same about a class within the last minute. */
export async function wasJustTold(deps: Deps, tx: Tx, told: { userId: string; classId: string; kind: NoticeKind }): Promise<boolean> {
  return store.wasToldSince(tx, told, plus(deps.clock.now(), -MINUTE_MS))
}

/** Sends one notice. A message that the class has overtaken is skipped, never sent stale. */
async function sendNotice(deps: Deps, noticeId: string): Promise<void> {
  const { handle } = deps.db
  const row = await store.findNotice(handle, noticeId)
  if (row?.state !== 'queued') return
  const mail = deps.mail ? await mailOf(deps, row) : 'no mail configured'
  if (!deps.mail || typeof mail === 'string') {
    await store.updateNotice(handle, noticeId, { state: 'skipped', lastError: String(mail) })
    return
  }
  const sent = await deps.mail.send(mail)
  if (sent.ok) {
    await store.updateNotice(handle, noticeId, { state: 'sent', sentAt: deps.clock.now(), lastError: null })
    await closeCases(deps, handle, { subject: 'notice', subjectId: noticeId })
    return
  }
  const attempts = row.attempts + 1
  if (sent.reason === 'refused' || attempts >= ATTEMPTS_MAX) {
    await deps.db.transaction(async (tx) => {
      await store.updateNotice(tx, noticeId, { state: 'failed', attempts, lastError: sent.reason })
      const detail = `${row.kind}: ${sent.reason}`
      await openCase(deps, tx, { subject: 'notice', subjectId: noticeId, reason: 'notice_failed', detail })
    })
    deps.log.warn({ noticeId, kind: row.kind, reason: sent.reason }, 'notice could not be sent')
    return
  }
  await deps.db.transaction(async (tx) => {
    await store.updateNotice(tx, noticeId, { attempts, lastError: sent.reason })
    const startAfter = plus(deps.clock.now(), backoffMs(attempts, deps.ids))
    await deps.jobs.enqueue(sendNoticeJob, { noticeId }, { key: noticeId, startAfter })
  })
}

/** Sends a notice again that had failed for good. False when there is nothing to send. */
export async function retryNotice(deps: Deps, noticeId: string): Promise<boolean> {
  return deps.db.transaction(async (tx) => {
    const requeued = await store.requeueFailed(tx, noticeId)
    if (requeued) await deps.jobs.enqueue(sendNoticeJob, { noticeId }, { key: noticeId })
    return requeued
  })
}

export const sendNoticeJob = defineJob({
  name: 'notice.send',
  payload: z.object({ noticeId: z.uuid() }),
  run: (deps, { noticeId }) => sendNotice(deps, noticeId),
})
