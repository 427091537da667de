import { z } from 'zod'
import type { MeetAttendance, MeetPresence } from '../../features/meeting/provider.ts'
import { parseInstant } from '../../kernel/zoned-time.ts'

/** Conference records of Google Meet, REST v2 (google.md 7). Few calls of one kind: no client of their own. */
export interface MeetApi {
  /** Answers `data` as the other clients do, and throws as they do. */
  get(path: string, parameters: Record<string, string>): Promise<{ data: unknown }>
}

const RECORDS_MAX = 10
const PARTICIPANTS_MAX = 50
const SESSIONS_MAX = 100
/** For one class: six people in a room that emptied twice take 22. */
export const REQUESTS_MAX = 40
/** The length of a meeting code: it is looked for by nothing longer. */
const MEETING_CODE = /^[a-z]{3}-[a-z]{4}-[a-z]{3}$/

/** Google serves Meet from a host of its own; a sandbox has one for everything. */
export function meetRoot(apiUrl: string): string {
  return apiUrl === 'https://www.googleapis.com/' ? 'https://meet.googleapis.com/' : apiUrl
}

/** `beforeNext`: waited for before every request but the first. */
export function createMeetApi(options: {
  meetUrl: string
  accessToken: string
  timeoutMs: number
  beforeNext: () => Promise<void>
}): MeetApi {
  let isFirst = true
  return {
    async get(path, parameters) {
      if (!isFirst) await options.beforeNext()
      isFirst = false
      const url = new URL(`v2/${path}`, options.meetUrl)
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
      const answer = await fetch(url, {
        headers: { authorization: `Bearer ${options.accessToken}` },
        redirect: 'error',
        signal: AbortSignal.timeout(options.timeoutMs),
      })
      const data: unknown = await answer.json().catch(() => null)
      if (answer.ok) return { data }
      throw Object.assign(new Error('Google Meet refused'), { response: { status: answer.status, data, headers: answer.headers } })
    },
  }
}

/** The code of a Meet room, out of its link; null for a link to anywhere else. */
export function meetingCodeOf(meetUrl: string): string | null {
  const code = URL.parse(meetUrl)?.pathname.split('/').at(-1) ?? ''
  return MEETING_CODE.test(code) ? code : null
}

const Instant = z.string().transform((text, context) => {
  const instant = parseInstant(text)
  if (instant) return instant
  context.addIssue('no instant')
  return z.NEVER
})
const Page = z.object({ nextPageToken: z.string().nullish() })
const Records = Page.extend({
  conferenceRecords: z
    .array(z.object({ name: z.string().regex(/^conferenceRecords\/[\w-]+$/), startTime: Instant, endTime: Instant.nullish() }))
    .max(100)
    .nullish(),
})
const Participants = Page.extend({
  participants: z
    .array(
      z.object({
        name: z.string().regex(/^conferenceRecords\/[\w-]+\/participants\/[\w-]+$/),
        signedinUser: z.object({ user: z.string().nullish(), displayName: z.string().nullish() }).nullish(),
        anonymousUser: z.object({ displayName: z.string().nullish() }).nullish(),
        phoneUser: z.object({ displayName: z.string().nullish() }).nullish(),
      }),
    )
    .max(PARTICIPANTS_MAX * 2)
    .nullish(),
})
const Sessions = Page.extend({
  participantSessions: z
    .array(z.object({ startTime: Instant, endTime: Instant.nullish() }))
    .max(SESSIONS_MAX * 2)
    .nullish(),
})

/** Asks for one record: all that the probe needs to know is whether it may. */
export async function canAskForRecords(meet: MeetApi): Promise<{ data: unknown }> {
  return meet.get('conferenceRecords', { pageSize: '1' })
}

/**
 * Everybody whom Meet saw in meetings of that room which began in between, asked until `enough` says stop or a class has been asked for often enough.
 * Throws on an answer that is none.
 */
export async function presencesIn(meet: MeetApi, code: string, from: Date, to: Date, enough: AbortSignal): Promise<MeetAttendance> {
  let asked = 0
  const mayAsk = () => asked < REQUESTS_MAX && !enough.aborted
  const ask = async (path: string, parameters: Record<string, string>) => {
    asked++
    return (await meet.get(path, parameters)).data
  }
  const filter = `space.meeting_code = "${code}" AND start_time >= "${from.toISOString()}" AND start_time <= "${to.toISOString()}"`
  const found = Records.parse(await ask('conferenceRecords', { filter, pageSize: String(RECORDS_MAX) }))
  const records = found.conferenceRecords ?? []
  const people: MeetPresence[] = []
  let isWhole = !found.nextPageToken && records.every(({ endTime }) => endTime)
  for (const { name: record } of records) {
    if (!mayAsk()) return { people, isWhole: false }
    const listed = Participants.parse(await ask(`${record}/participants`, { pageSize: String(PARTICIPANTS_MAX) }))
    isWhole &&= !listed.nextPageToken
    for (const participant of listed.participants ?? []) {
      if (!mayAsk()) return { people, isWhole: false }
      const stayed = Sessions.parse(await ask(`${participant.name}/participantSessions`, { pageSize: String(SESSIONS_MAX) }))
      isWhole &&= !stayed.nextPageToken
      people.push({
        subject: /^users\/(\d+)$/.exec(participant.signedinUser?.user ?? '')?.[1] ?? null,
        name: (participant.signedinUser ?? participant.anonymousUser ?? participant.phoneUser)?.displayName ?? '',
        stays: (stayed.participantSessions ?? []).map(({ startTime, endTime }) => ({ from: startTime, to: endTime ?? null })),
      })
    }
  }
  return { people, isWhole }
}
