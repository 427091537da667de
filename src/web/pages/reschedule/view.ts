import type { WallDate } from '../../../kernel/zoned-time.ts'
import type { ClassType } from '../../text.es.ts'
import type { WeekView } from '../booking/view.ts'

/** View of `/inicio/mis-clases-virtuales/{id}/reprogramar?semana=&dia=&start=`, and of the same page for the admin. */
export type RescheduleView = {
  /** This page's own address, without query: where the form is sent. */
  path: string
  /** Where "Volver" leads. */
  backHref: string
  current: { startsAt: Date; endsAt: Date; type: ClassType; hostName: string; teacherName?: string | null }
  /** Whose times are shown, where there are several teachers. */
  teacherId?: string
  /** In whose right the class is moved. */
  actor: 'host' | 'admin'
  /** How often the host may move it, this time included. */
  movesLeft: number
  /** What a later cancellation gives back: `lapses` because of this move, `lapsed` already before. */
  refund: 'kept' | 'lapses' | 'lapsed'
  untilHours: number
  refundUntilHours: number
  week: WeekView
  selected: Date | null
  /** Why the last try was refused. */
  error: string | null
}

/** This page with another day or week shown, or with a slot chosen. */
export function rescheduleHref(path: string, query: { semana?: WallDate; dia?: WallDate; start?: Date | null }): string {
  const given = new URLSearchParams()
  if (query.dia) given.set('dia', query.dia)
  if (query.semana) given.set('semana', query.semana)
  if (query.start) given.set('start', query.start.toISOString())
  const text = given.toString()
  return text === '' ? path : `${path}?${text}`
}
