import type { World } from '../../support/world.ts'
import type { Landmarks } from './site.ts'

/**
 * What each job that is about something is run with, once: things that are there, brought to where it has work to do. Commands were carried out
 * before: there is money to send back, and something to tell.
 */
export async function payloadsFor(world: World, { teacherId, taskId, orderId }: Landmarks): Promise<Record<string, object>> {
  const now = world.clock.now()
  const one = async (text: string, values: unknown[] = []): Promise<string> => {
    const [row] = await world.rows<{ one: string }>(text, values)
    if (!row) throw new Error(`There is nothing to work on: ${text}`)
    return row.one
  }
  let taken = 0
  /** One more class that lies ahead, changed to what it is wanted for. */
  const upcoming = (change: string) =>
    one(
      `UPDATE virtual_class SET ${change}, version = version + 1 WHERE id = (
         SELECT id FROM virtual_class WHERE status = 'scheduled' AND teacher_id = $1 AND starts_at > $2::timestamptz + interval '20 days'
         ORDER BY starts_at, id LIMIT 1 OFFSET $3) RETURNING id AS one`,
      [teacherId, now, taken++],
    )
  const left = await upcoming(`summary = 'Clase'`)
  await world.rows(
    `INSERT INTO left_event (class_id, teacher_id, event_id, calendar_id, left_at) VALUES ($1, $2, 'volumenido', 'otro@volumen.test', $3)`,
    [left, teacherId, now],
  )
  const unmade = await upcoming(
    `status = 'pending', google_event_id = NULL, meet_url = NULL, link_ready_at = NULL, calendar_state = 'queued'`,
  )
  await world.rows(`UPDATE access_code SET retired_at = $2, retire_reason = 'cancelled' WHERE class_id = $1`, [unmade, now])
  await world.rows('DELETE FROM participation WHERE class_id = $1', [unmade])
  return {
    'activity.generate': {
      classId: await one(`SELECT id AS one FROM virtual_class WHERE status = 'completed' AND activity_status = 'pending' LIMIT 1`),
    },
    'activity.mark-texts': { taskId },
    'meeting.create': { classId: unmade },
    'meeting.leave-calendar': { classId: left, eventId: 'volumenido' },
    'meeting.move': { classId: await upcoming(`calendar_state = 'queued'`) },
    'meeting.remove': {
      classId: await one(
        `SELECT id AS one FROM virtual_class WHERE status = 'cancelled' AND paid_at IS NOT NULL AND teacher_id = $1 AND starts_at > $2 LIMIT 1`,
        [teacherId, now],
      ),
    },
    'meeting.restore': { classId: await upcoming(`event_wanted_at = now(), calendar_state = 'queued'`) },
    'meeting.sync-guests': { classId: await upcoming(`calendar_state = 'synced'`) },
    'meeting.tell-event': { classId: await upcoming(`room_url = 'https://sala.test/1'`) },
    'meeting.try-out': { teacherId, failures: 0 },
    'mirror.sync': { teacherId },
    'notice.send': { noticeId: await one('SELECT id AS one FROM notice ORDER BY created_at DESC LIMIT 1') },
    'payment.close-preference': { orderId },
    'payment.look-at-hint': { topic: 'merchant_order', externalId: '1' },
    'payment.look-at-notification': { topic: 'payment', externalId: await one('SELECT id AS one FROM provider_payment LIMIT 1') },
    'payment.reconcile': { orderId },
    'payment.refund': { refundId: await one(`SELECT id AS one FROM refund ORDER BY created_at DESC LIMIT 1`) },
  }
}

/** Jobs that change nothing when they are run here, and why. */
export const CHANGES_NOTHING: Readonly<Record<string, string>> = {
  'mirror.tend-channels': 'Google tells nobody of changes here',
  'operation.watch-dead-jobs': 'no job has died',
  'meeting.check-links': 'no class is near enough',
  'attendance.read': 'no class ended since it was read',
  'payment.revive-refunds': 'no refund was forgotten',
  'meeting.check-connections': 'the one connection was made just now',
  'operation.clean-up': 'was carried out before the tables were looked at',
  'activity.mark-texts': 'there is no model',
  'meeting.tell-event': 'only tells Google',
  'payment.close-preference': 'only tells Mercado Pago',
}
