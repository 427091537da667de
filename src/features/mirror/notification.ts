import { and, eq, lt } from 'drizzle-orm'
import { hotRead, type Later } from '../../db/hot-read.ts'
import { calendarChannel } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { sameSecret, sha256 } from '../../kernel/secret-box.ts'
import { queueSync } from './sync.ts'

/** The headers of one of Google's notifications, as they came. */
export interface Notification {
  channelId: string
  token: string
  resourceId: string
  state: string
  messageNumber: string
}

export type NotificationOutcome = 'received' | 'unknown-channel' | 'unauthorized'

const readChannel = hotRead((handle, later: (name: 'channelId') => Later) =>
  handle
    .select()
    .from(calendarChannel)
    .where(eq(calendarChannel.id, later('channelId'))),
)

const NUMBER = /^\d{1,15}$/

/**
 * A doorbell: nothing in it is believed but that something changed. Channel, token and resource have to be the ones that were agreed on; a
 * number that was seen already, or is older, rings for nothing. The reading itself is a job.
 */
export async function receiveNotification(deps: Deps, notification: Notification): Promise<NotificationOutcome> {
  const { channelId, token, resourceId, state, messageNumber } = notification
  const [channel] = await readChannel(deps.db.handle, { channelId: channelId.slice(0, 64) })
  if (!channel) return 'unknown-channel'
  const isAgreed = channel.resourceId === null || channel.resourceId === resourceId
  if (!sameSecret(sha256(token), channel.tokenHash) || !isAgreed || !NUMBER.test(messageNumber)) return 'unauthorized'
  await deps.db.transaction(async (tx) => {
    const seen = Number(messageNumber)
    const news = await tx
      .update(calendarChannel)
      .set({ lastMessage: seen })
      .where(and(eq(calendarChannel.id, channel.id), lt(calendarChannel.lastMessage, seen)))
      .returning({ stoppedAt: calendarChannel.stoppedAt })
    const rings = news[0]?.stoppedAt === null && state !== 'sync'
    if (rings) await queueSync(deps, channel.teacherId)
  })
  return 'received'
}
