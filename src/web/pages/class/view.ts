import type { LinkState } from '../../../features/meeting/room/rules.ts'
import type { EventKind, Hour, TimelineEntry, TimelineEvent } from '../../../features/timeline/events.ts'
import type { Centavos } from '../../../kernel/money.ts'
import type { CancelReason, ClassStatus, ClassType } from '../../text.es.ts'
import type { WayBack } from '../../ui/way-back.ts'

/** A class and what happened to it, as its host, a guest or the admin sees it. */
export type ClassRecordView = {
  id: string
  startsAt: Date
  endsAt: Date
  type: ClassType
  people: number
  peopleMax: number
  status: ClassStatus
  /** Which list of the student it stands in: what is still to come, or what is over. */
  listedIn: 'my-classes' | 'history'
  /** The list that the reader came from, when it said so. */
  back: WayBack | null
  /** Paid, and its link is being made. */
  preparing: boolean
  cancelReason: CancelReason | null
  viewerRole: 'host' | 'guest' | 'admin'
  hostName: string
  /** Null while the academy has one teacher only. */
  teacherName?: string | null
  /** In the order in which they joined; empty for a guest. */
  guestNames: readonly string[]
  objective: string | null
  /** Not for a guest. */
  price: Centavos | null
  /** The receipt of its payment; null when no money came in, or for a guest. */
  receiptHref: string | null
  entries: readonly TimelineEntry[]
  /** The link of a scheduled class no longer leads to a room, and another one is being made. */
  linkLost: boolean
  /** What the teacher can do here; null for everybody else. */
  teacher: TeacherView | null
}

export type TeacherView = {
  room: {
    state: LinkState
    /** Where the room is: "zoom.us"; null while there is none. */
    host: string | null
    /** Goes to the room, and notes that the teacher went. */
    enterHref: string | null
    typed: string
    error: string | null
  }
  attendance: {
    canMark: boolean
    /** `unknown`: Meet was asked for the last time and has not said it. */
    people: readonly {
      userId: string
      name: string
      attended: boolean | null
      minutes: number | null
      source: 'manual' | 'meet' | 'unknown' | null
    }[]
  }
}

/** What a page says of one event; `detail` is null when the title says it all. */
export interface Said {
  title: string
  detail: string | null
}

/** Dates and names of mails in the language of the text. */
export interface Saying {
  /** "jueves 26/11/2026, 18:00 a 19:00 hs" */
  hour: (hour: Hour) => string
  /** "14:20" */
  time: (instant: Date) => string
}

/** Words for every kind of event: the compiler asks for the one that is missing. */
export type EventWords = { [Kind in EventKind]: (event: Extract<TimelineEvent, { kind: Kind }>, say: Saying) => Said }
