import { describe, expect, it } from 'vitest'
import { presencesIn } from './meet.ts'

const FROM = new Date('2026-11-26T20:30:00Z')
const TO = new Date('2026-11-26T22:30:00Z')
const BEGUN = { startTime: '2026-11-26T21:00:00Z' }
const OVER = { ...BEGUN, endTime: '2026-11-26T22:00:00Z' }

/** Meet with these meetings in the room, and so many people in each. */
function meetWith(records: readonly object[], people: number, more: Record<string, unknown> = {}) {
  const asked: string[] = []
  const meet = {
    async get(path: string) {
      asked.push(path)
      if (path === 'conferenceRecords')
        return { data: { conferenceRecords: records.map((r, i) => ({ name: `conferenceRecords/r${i}`, ...r })) } }
      if (path.endsWith('/participants')) {
        const record = path.split('/')[1]
        const participants = Array.from({ length: people }, (_, i) => ({
          name: `conferenceRecords/${record}/participants/p${i}`,
          signedinUser: { user: `users/${i}`, displayName: `Persona ${i}` },
        }))
        return { data: { participants, ...more } }
      }
      return { data: { participantSessions: [OVER] } }
    },
  }
  return { meet, asked }
}

const read = ({ meet }: ReturnType<typeof meetWith>, enough = new AbortController().signal) =>
  presencesIn(meet, 'abc-defg-hij', FROM, TO, enough)

describe('presencesIn', () => {
  it('tells everybody of meetings that are over', async () => {
    const told = await read(meetWith([OVER, OVER], 3))
    expect(told.isWhole).toBe(true)
    expect(told.people).toHaveLength(6)
  })

  it('a meeting that still goes on is told, and is not the whole of it', async () => {
    const told = await read(meetWith([OVER, BEGUN], 2))
    expect(told.isWhole).toBe(false)
    expect(told.people).toHaveLength(4)
  })

  it('asks forty times at most, however many meetings and people there were, and says that there was more', async () => {
    const many = meetWith(Array(10).fill(OVER), 50)
    expect((await read(many)).isWhole).toBe(false)
    expect(many.asked).toHaveLength(40)
  })

  it('stops asking when its time is up, with what was told by then', async () => {
    const some = meetWith([OVER], 3)
    const time = new AbortController()
    const get = some.meet.get
    some.meet.get = async (path) => {
      if (path.endsWith('/p0/participantSessions')) time.abort()
      return get(path)
    }
    expect(await read(some, time.signal)).toMatchObject({ isWhole: false, people: [{ subject: '0' }] })
    expect(some.asked).toHaveLength(3)
  })

  it('further pages are more than is asked for', async () => {
    expect((await read(meetWith([OVER], 1, { nextPageToken: 'x' }))).isWhole).toBe(false)
  })
})
