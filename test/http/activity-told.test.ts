import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lookAfterActivitiesJob } from '../../src/features/activity/generate.ts'
import { tellOfTexts } from '../../src/features/activity/teacher/waiting.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/kernel/clock.ts'
import { json } from '../support/booking.ts'
import { becomeChoicesAndText } from '../support/exercise.ts'
import { classFor, freshSlots, later, newcomer } from '../support/scene.ts'
import { type Client, openWorld, type World } from '../support/world.ts'

describe('a teacher is told of texts that wait for nobody but them (decision 030)', () => {
  let world: World
  let people: { who: Client; taskId: string }[] = []
  beforeAll(async () => {
    world = await openWorld({ model: true })
    // Whoever teaches has to have been here.
    await world.admin()
    const scene = await classFor(world, 2, freshSlots()(), 'Mi rutina')
    world.clock.set(scene.start)
    const guest = await newcomer(world)
    await guest.post('/api/access-code', { accessCode: scene.code })
    world.clock.set(later(scene.end, MINUTE_MS))
    await world.settle()
    for (const who of [scene.host, guest]) {
      const [task] = (await json(who.get('/api/activities'))).response as { id: string }[]
      const taskId = String(task?.id)
      await becomeChoicesAndText(world, taskId)
      people = [...people, { who, taskId }]
    }
  })
  afterAll(() => world.close())

  const write = async (place: 0 | 1, w: string) =>
    json(people[place]?.who.post(`/api/activities/${people[place]?.taskId}/submit`, { answers: { w } }) as Promise<Response>)
  const told = async () =>
    (await world.rows("SELECT state FROM notice WHERE kind = 'texts-waiting' ORDER BY created_at")).map(({ state }) => state)
  const pass = async (milliseconds: number) => {
    world.clock.advance(milliseconds)
    await world.settle()
  }

  it('not while a model has one, though another one of the class is done', async () => {
    await world.control('/llm/answers', { kind: 'wrong-schema', count: 2 })
    expect(await write(1, 'I get up at six.')).toMatchObject({ waiting: 1 })
    await world.settle()
    expect(await write(0, 'I get up at seven.')).toMatchObject({ waiting: 1 })
    await world.settle()
    const waiting = await world.rows(`SELECT task_id FROM activity_submission WHERE marks @> '[{"credit": null}]'`)
    expect(waiting).toEqual([{ task_id: people[1]?.taskId }])
    await lookAfterActivitiesJob.run(world.deps, {})
    expect(await told()).toEqual([])
  })

  it('once the model is taken out of the configuration, and of a later text the next day', async () => {
    Object.assign(world.deps, { exercises: null })
    await pass(HOUR_MS)
    await pass(5 * MINUTE_MS)
    expect(await told()).toHaveLength(1)
    await world.rows("UPDATE activity_submission SET marks = '[]', submitted_answers = '{}' WHERE task_id = $1", [people[1]?.taskId])
    await write(0, 'I never get up.')
    await pass(5 * MINUTE_MS)
    expect(await told()).toHaveLength(1)
    await pass(DAY_MS)
    expect(await told()).toHaveLength(2)
  })

  it('for a week, and no more', async () => {
    for (let day = 0; day < 8; day++) await pass(DAY_MS)
    const before = (await told()).length
    expect(before).toBeGreaterThan(6)
    await pass(DAY_MS)
    expect(await told()).toHaveLength(before)
  })

  it('what was written to somebody who gives no classes any more is not sent', async () => {
    await write(0, 'I get up at nine.')
    await tellOfTexts(world.deps)
    await world.rows('UPDATE teacher SET active = false')
    await world.settle()
    expect((await told()).at(-1)).toBe('skipped')
    await pass(DAY_MS)
    expect((await told()).at(-1)).toBe('skipped')
  })
})
