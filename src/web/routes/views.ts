import type { Config } from '../../config.ts'
import { refuseMove } from '../../features/booking/reschedule/rules.ts'
import type { MyClass } from '../../features/virtual-class/queries.ts'
import { isCancellable, joinTimes, refundIfCancelled } from '../../features/virtual-class/rules.ts'
import type { ClassCard } from '../ui/class-card.ts'
import type { Price } from '../ui/prices.tsx'

/** A row of the list as its card. */
export function classCard(row: MyClass, config: Config, now: Date): ClassCard {
  const isHost = row.rol === 'anfitrion'
  const join = joinTimes(row, config.joinLeadMinutes)
  return {
    id: row.id,
    startsAt: row.startsAt,
    endsAt: row.endsAt,
    type: row.classType,
    role: row.rol,
    status: row.status === 'pending' ? 'cancelled' : row.status,
    cancelReason: row.cancelReason,
    people: row.currentParticipants,
    peopleMax: row.maxParticipants,
    activity: {
      state:
        row.status === 'cancelled' ? 'none' : row.activityCompleted ? 'done' : row.activityStatus === 'uploaded' ? 'available' : 'pending',
      href: null,
    },
    accessCode: row.accessCode,
    objective: row.learningFocus,
    joinFrom: join.from,
    joinUntil: join.until,
    cancel: isHost && isCancellable(row, now) ? refundIfCancelled(row, 'host', config.fullRefundHours, now) : null,
    rescheduleHref: isHost && refuseMove(row, 'host', config, now) === null ? `/inicio/mis-clases-virtuales/${row.id}/reprogramar` : null,
  }
}

export function pricesOf({ pricing }: Config): Price[] {
  return [
    { type: 'individual', people: 1, total: pricing.individual },
    ...([2, 3, 4, 5] as const).map((people) => ({ type: 'grupal' as const, people, total: pricing.grupal[people] })),
  ]
}
