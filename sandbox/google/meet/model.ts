/** A meeting that took place in a room, as Meet remembers it. Times are instants in milliseconds. */
export interface ConferenceRecord {
  id: string
  code: string
  startAt: number
  /** Null while it goes on. */
  endAt: number | null
  participants: Participant[]
}

export interface Participant {
  id: string
  /** Of a signed-in account; null for somebody without one. */
  sub: string | null
  name: string
  sessions: { startAt: number; endAt: number | null }[]
}
