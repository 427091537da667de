import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { saveAnswers } from '../../src/features/activity/commands.ts'
import { generateActivitiesJob } from '../../src/features/activity/generate.ts'
import { HOUR_MS, MINUTE_MS } from '../../src/kernel/clock.ts'
import { json } from '../support/booking.ts'
import { beginWithChoiceAndGap } from '../support/exercise.ts'
import { classFor, freshSlots, later, newcomer, type Scene } from '../support/scene.ts'
import { type Client, openWorld, type World } from '../support/world.ts'

const NOT_FOUND = { error: 'No se encontró la actividad' }
const slotOf = freshSlots()

describe('activities after the class (4.14, D11, R16)', () => {
  let world: World
  let scene: Scene
  let guest: Client
  let id: string
  beforeAll(async () => {
    world = await openWorld({ env: { SOLUTION_DELAY_MINUTES: '30' } })
    scene = await classFor(world, 2, slotOf(), 'Mi rutina')
    world.clock.set(scene.start)
    guest = await newcomer(world)
    await guest.post('/api/access-code', { accessCode: scene.code })
    world.clock.set(later(scene.end, MINUTE_MS))
    await world.settle()
    await world.settle()
    await beginWithChoiceAndGap(world)
    id = String((await list(scene.host))[0]?.id)
  })
  afterAll(() => world.close())

  const list = async (who: Client) => (await json(who.get('/api/activities'))).response as Record<string, unknown>[]
  const of = (who: Client, path = '') => who.get(`/api/activities/${id}${path}`)

  it('everybody who was in the class has one of their own, once, however often the job runs', async () => {
    for (let time = 0; time < 2; time++) {
      await world.deps.jobs.enqueue(generateActivitiesJob, { classId: scene.classId }, { key: scene.classId })
      await world.settle()
    }
    const [own, others] = [await list(scene.host), await list(guest)]
    expect([own.length, others.length]).toEqual([1, 1])
    expect(own[0]?.id).not.toBe(others[0]?.id)
    expect(own[0]).toMatchObject({ title: 'Mi día: presente simple', participants: 2, completed: false })
    const [row] = await world.rows('SELECT activity_status FROM virtual_class WHERE id = $1', [scene.classId])
    expect(row).toEqual({ activity_status: 'uploaded' })
  })

  it('is nobody else’s, and unknown to who is not signed in', async () => {
    const stranger = await newcomer(world)
    for (const who of [guest, stranger]) {
      for (const answer of [
        await of(who),
        await of(who, '/solution'),
        await who.post(`/api/activities/${id}/start`, {}),
        await who.post(`/api/activities/${id}/submit`, { answers: {} }),
      ]) {
        expect([answer.status, await answer.json()]).toEqual([404, NOT_FOUND])
      }
    }
    expect((await of(world.anonymous)).status).toBe(401)
    // The teacher reads it, and does nothing in their place.
    const admin = await world.admin()
    expect(await json(of(admin))).toMatchObject({ response: { id, answers: {} } })
    expect((await admin.post(`/api/activities/${id}/submit`, { answers: {} })).status).toBe(404)
    expect((await scene.host.get('/api/activities/x')).status).toBe(404)
  })

  it('shows no answer and no explanation before the submission', async () => {
    const text = await (await of(scene.host)).text()
    for (const word of ['"answer"', '"answers":[', '"explanation"', '"sample"', '"pairs"']) expect(text).not.toContain(word)
    const refused = await of(scene.host, '/solution')
    expect([refused.status, await refused.json()]).toEqual([403, { error: 'La solución todavía no está disponible' }])
  })

  it('keeps what is saved, from two windows, and marks it when it is handed in', async () => {
    const { items } = (await json(of(scene.host))).response as { items: { id: string; kind: string }[] }
    const stored = await world.rows<{ exercise: { items: { id: string; kind: string; answer: number; answers: string[][] }[] } }>(
      'SELECT exercise FROM task WHERE id = $1',
      [id],
    )
    const keys = stored[0]?.exercise.items ?? []
    const choice = keys.find((item) => item.kind === 'choice')
    const gap = keys.find((item) => item.kind === 'gap')
    if (!choice || !gap) throw new Error('The exercise has no choice or no gap')
    await Promise.all([
      scene.host.send('PUT', `/api/activities/${id}/answers`, { answers: { [choice.id]: choice.answer } }),
      scene.host.send('PUT', `/api/activities/${id}/answers`, { answers: { [gap.id]: gap.answers.map(([first]) => first) } }),
    ])
    const saved = ((await json(of(scene.host))).response as { answers: object }).answers
    expect(Object.keys(saved).sort()).toEqual([choice.id, gap.id].sort())
    const submitted = await json(scene.host.post(`/api/activities/${id}/submit`, { answers: {} }))
    expect(submitted).toMatchObject({ success: true, score: 2, total: items.length })
    // Worse the second time: the best score stays.
    expect(
      await json(scene.host.post(`/api/activities/${id}/submit`, { answers: { [choice.id]: choice.answer === 0 ? 1 : 0 } })),
    ).toMatchObject({ score: 2 })
    expect((await list(scene.host))[0]).toMatchObject({ completed: true })
    expect((await list(guest))[0]).toMatchObject({ completed: false })
    const [mine] = (await json(scene.host.get('/api/my-classes?view=history'))).response as Record<string, unknown>[]
    expect(mine).toMatchObject({ activityStatus: 'uploaded', activityCompleted: true })
  })

  it('gives the solution after the submission and the delay, not before', async () => {
    expect((await of(scene.host, '/solution')).status).toBe(403)
    world.clock.advance(31 * MINUTE_MS)
    const { items } = (await json(of(scene.host, '/solution'))).response as { items: { explanation: string }[] }
    expect(items.every(({ explanation }) => explanation.length > 0)).toBe(true)
  })

  it('is solved page by page without script, from where one left', async () => {
    const own = String((await list(guest))[0]?.id)
    const first = await guest.get(`/actividad/${own}/resolver`)
    expect(await first.text()).toContain('Consigna 1 de')
    // Looking is no beginning.
    expect(await json(guest.get(`/api/activities/${own}`))).toMatchObject({ response: { startedAt: null } })
    const saved = await guest.submit(`/actividad/${own}/resolver`, { paso: '1', r: '1', ir: 'siguiente' })
    expect([saved.status, saved.headers.get('location')]).toEqual([303, `/actividad/${own}/resolver?paso=2`])
    expect(await (await guest.get(`/actividad/${own}/resolver`)).text()).toContain('Consigna 2 de')
    const { items } = (await json(guest.get(`/api/activities/${own}`))).response as { items: { kind: string }[] }
    const stepOf = (kind: string) => String(items.findIndex((item) => item.kind === kind) + 1)
    const long = await guest.submit(`/actividad/${own}/resolver`, { paso: stepOf('gap'), r: 'x'.repeat(501), ir: 'siguiente' })
    expect([long.status, (await guest.get(`/actividad/${own}/resultado`)).status]).toEqual([400, 302])
    // A line break counts as one character, as in the field, though browsers send two.
    const lines = await guest.submit(`/actividad/${own}/resolver`, { paso: stepOf('gap'), r: 'a\r\n'.repeat(200), ir: 'siguiente' })
    expect(lines.status).toBe(303)
    expect((await guest.submit(`/actividad/${own}/enviar`, {})).headers.get('location')).toBe(`/actividad/${own}/resultado`)
    expect(await (await guest.get(`/actividad/${own}/resultado`)).text()).toContain('Tu resultado')
    expect((await scene.host.get(`/actividad/${own}`)).status).toBe(404)
  })

  it.each([
    ['no object', []],
    ['nothing', undefined],
    ['an answer of an unknown form', (item: string) => ({ [item]: { deep: 1 } })],
    ['a character that cannot be stored', (item: string) => ({ [item]: '\0' }), 'El cuerpo de la solicitud no es JSON válido'],
    ['an answer that is too long', (item: string) => ({ [item]: 'x'.repeat(501) })],
    ['an option that is not there', (item: string) => ({ [item]: 9 })],
    ['half an option', (item: string) => ({ [item]: 0.5 })],
  ])('refuses %s', async (_name, sent, error = 'Respuestas inválidas') => {
    const { items } = (await json(of(scene.host))).response as { items: { id: string; kind: string }[] }
    const item = items.find(({ kind }) => kind === 'choice')?.id ?? ''
    const answers = typeof sent === 'function' ? sent(item) : sent
    const answer = await scene.host.post(`/api/activities/${id}/submit`, { answers })
    expect([answer.status, await answer.json()]).toEqual([400, { error }])
  })

  it('the pages have the limits of the API', async () => {
    const { config } = world.deps
    Object.assign(world.deps, { config: { ...config, rateLimitScale: 0.001 } })
    const own = String((await list(guest))[0]?.id)
    for (const form of [`/actividad/${own}/resolver`, `/actividad/${own}/enviar`]) {
      await guest.submit(form, { paso: '1', r: '1' })
      expect((await guest.submit(form, { paso: '1', r: '1' })).status).toBe(429)
    }
    Object.assign(world.deps, { config })
  })

  it('a class whose job was lost gets its exercises all the same', async () => {
    world.clock.set(later(scene.end, 24 * HOUR_MS))
    const next = await classFor(world, 1, freshSlots('2026-12-02')())
    world.clock.set(later(next.end, MINUTE_MS))
    await world.rows("UPDATE virtual_class SET status = 'completed' WHERE id = $1", [next.classId])
    world.clock.set(later(next.end, 20 * MINUTE_MS))
    await world.settle()
    await world.settle()
    expect(await list(next.host)).toHaveLength(1)
  })

  it('nothing is written for an account that was ended meanwhile', async () => {
    const [row] = await world.rows<{ user_id: string }>('SELECT user_id FROM task WHERE id = $1', [id])
    const userId = String(row?.user_id)
    await world.rows('DELETE FROM activity_submission WHERE user_id = $1', [userId])
    await world.rows(
      "UPDATE app_user SET deleted_at = now(), email = id || '@cuenta.invalid', google_name = '', image = NULL WHERE id = $1",
      [userId],
    )
    expect(await saveAnswers(world.deps, userId, id, {})).toMatchObject({ ok: false, reason: 'unknown-activity' })
    expect(await world.rows('SELECT 1 FROM activity_submission WHERE user_id = $1', [userId])).toEqual([])
  })
})
