import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { listenOnServer } from '../../src/db/listen.ts'
import { createLiveHub } from '../../src/features/live/hub.ts'
import { confirmedClass, openDoors } from './rig/classes.ts'
import { openRig, type Rig } from './rig/rig.ts'

const WAIT_MS = 60_000

describe('what is told over PostgreSQL', () => {
  let rig: Rig
  beforeAll(async () => {
    rig = await openRig()
  })
  afterAll(() => rig.close())

  it('reaches another process, also after its listening connection was cut; whoever was listening is told to look once', async () => {
    const theClass = await confirmedClass(rig, 5)
    openDoors(rig, theClass)
    const [named] = await rig.world.rows<{ name: string }>('SELECT current_database() AS name')
    const url = new URL(inject('postgresUrl'))
    url.pathname = `/${named?.name}`
    const hub = createLiveHub((channel, hearer) => listenOnServer(url.href, channel, hearer), rig.world.deps.log)
    const subscribed = hub.subscribe({ userId: theClass.host.id, sessionHash: 'here' })
    if (!subscribed.ok) throw new Error('There is room')
    const news = subscribed.value
    expect(await news.next(WAIT_MS)).toMatchObject({ missed: true })

    const guests = await rig.people(2)
    const join = (index: number) => rig.send(guests[index] ?? null, 'POST', '/api/access-code', { accessCode: theClass.code })
    await join(0)
    expect(await news.next(WAIT_MS)).toMatchObject({ missed: false, classes: [theClass.classId] })

    const cut = await rig.world.rows(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hablainglesya-listen' AND datname = current_database()`,
    )
    expect(cut).toHaveLength(1)
    expect(await news.next(WAIT_MS)).toMatchObject({ missed: true })
    await join(1)
    expect(await news.next(WAIT_MS)).toMatchObject({ classes: [theClass.classId] })
    await hub.close()
    const left = await rig.world.rows(
      `SELECT 1 FROM pg_stat_activity WHERE application_name = 'hablainglesya-listen' AND datname = current_database()`,
    )
    expect(left).toEqual([])
  })
})
