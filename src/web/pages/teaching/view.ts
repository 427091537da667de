import type { ClassNotes } from '../../../features/activity/teacher/rules.ts'
import type { Waiting } from '../../../features/activity/teacher/waiting.ts'
import type { CancelReason, ClassStatus, ClassType } from '../../text.es.ts'
import type { TeacherView } from '../class/view.ts'

/** A class as whoever gives it sees it. */
export type TaughtClass = {
  id: string
  startsAt: Date
  endsAt: Date
  type: ClassType
  people: number
  peopleMax: number
  hostName: string
  /** In the order in which they joined. */
  guestNames: readonly string[]
  /** What the host wants to work on; null when nothing was written. */
  objective: string | null
  status: ClassStatus
  /** Paid, and its link is being made. */
  preparing: boolean
  /** Their exercises, once the class is over; null for a teacher who is not active any more. */
  activityHref: string | null
  /** Goes to the room, and notes that the teacher went; null outside the window. */
  enterHref: string | null
}

/** View of `/profe`: what a teacher who is no admin has to know of their own classes. */
export type TeachingView = {
  /** By start. */
  coming: readonly TaughtClass[]
  /** The last ones, the newest first. */
  given: readonly TaughtClass[]
  /** Exercises of their classes that wait for them. */
  waiting: Waiting
  joinLeadMinutes: number
  /** Their invitation, while the calendar waits to be connected again; null when it is in order. */
  reconnectWith: string | null
}

/** View of `/profe/clases/{id}`. */
export type TaughtClassView = TaughtClass & {
  cancelReason: CancelReason | null
  teacher: TeacherView
  notes: { values: ClassNotes; error: string | null }
}
