import { afterEach, describe, expect, it } from 'vitest'
import { tendChannels } from '../../src/features/mirror/channels.ts'
import { syncCalendar } from '../../src/features/mirror/sync.ts'
import { plus } from '../../src/kernel/clock.ts'
import { openRig, type Removal, type Rig } from './rig/rig.ts'

const EVENTS = 40

describe('several workers read one calendar at once', () => {
  let rig: Rig
  afterEach(() => rig.close())

  /** Every process reads, again and again, while the calendar changes in between; afterwards once more. */
  async function readTogether(without?: Removal) {
    rig = await openRig({ processes: 4, ...(without ? { without } : {}) })
    const { world } = rig
    const [teacher] = await world.rows<{ id: string }>('SELECT id FROM teacher')
    const teacherId = teacher?.id ?? ''
    await world.control('/google/settings', { listPageSizeMax: 7 }, 'PATCH')
    let atOnce = 0
    let mostAtOnce = 0
    for (const { deps } of rig.processes) {
      const { calendar } = deps
      deps.calendar = {
        ...calendar,
        async syncEvents(...question) {
          atOnce += 1
          mostAtOnce = Math.max(mostAtOnce, atOnce)
          const page = await calendar.syncEvents(...question)
          atOnce -= 1
          return page
        },
      }
    }
    const start = plus(world.clock.now(), 86_400_000)
    for (let index = 0; index < EVENTS; index++) {
      const at = (minutes: number) => ({ dateTime: plus(start, (index * 30 + minutes) * 60_000).toISOString() })
      await world.control('/google/events', { start: at(0), end: at(20) })
      if (index % 8 === 7) await Promise.all(rig.processes.map(({ deps }) => syncCalendar(deps, teacherId)))
    }
    await rig.settle()
    const [mirror] = await world.rows<{ events: number }>('SELECT count(*)::int AS events FROM calendar_event')
    return { mostAtOnce, events: mirror?.events }
  }

  it('one of them reads, and every change is in the mirror', async () => {
    expect(await readTogether()).toEqual({ mostAtOnce: 1, events: EVENTS })
  })

  it('control: without the lease they read side by side', async () => {
    const { mostAtOnce } = await readTogether({
      rewrite: (text) => text.replace(/"calendar_sync"\."lease_id" IS NULL OR/, 'true OR "calendar_sync"."lease_id" IS NULL OR'),
    })
    expect(mostAtOnce).toBeGreaterThan(1)
  })

  it('one notification rung twice at once counts once', async () => {
    rig = await openRig({ processes: 2, env: { CALENDAR_PUSH: '1' } })
    const { world } = rig
    const [teacher] = await world.rows<{ id: string }>('SELECT id FROM teacher')
    const [first] = rig.processes
    if (first) await tendChannels(first.deps, teacher?.id ?? '')
    await rig.settle()
    const { channels } = (await world.control('/google/channels')) as unknown as {
      channels: { id: string; token: string; resourceId: string }[]
    }
    const channel = channels.at(-1)
    const headers = {
      'x-goog-channel-id': channel?.id ?? '',
      'x-goog-channel-token': channel?.token ?? '',
      'x-goog-resource-id': channel?.resourceId ?? '',
      'x-goog-resource-state': 'exists',
      'x-goog-message-number': '500',
    }
    const ring = () =>
      rig.processes.map(({ app }) => app.request(`${world.deps.config.baseUrl}/api/google-webhook`, { method: 'POST', headers }))
    const answers = await Promise.all([...ring(), ...ring()])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(await world.rows(`SELECT 1 FROM pgboss.job WHERE name = 'mirror.sync' AND state < 'active'`)).toHaveLength(1)
  })
})
