import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MINUTE_MS } from '../../src/kernel/clock.ts'
import { confirmedClass, json } from '../support/booking.ts'
import { becomeChoicesAndText } from '../support/exercise.ts'
import { freshSlots, later, newcomer } from '../support/scene.ts'
import { type SecondTeacher, takeOn } from '../support/second-teacher.ts'
import { type Client, openWorld, type World } from '../support/world.ts'

const next = freshSlots()
const OWN = { title: 'Chapter 3', content: 'Who is Tom? ___', solvedContent: 'Tom is a cat.' }
const GAP = { kind: 'gap', instruction: 'Completá.', prompt: 'She ___ here.', explanation: 'Es is.', difficulty: 'easy', answers: 'is' }

type Form = [path: string, fields: Record<string, string>]

interface Given {
  host: Client
  classId: string
  taskId: string
}

describe('the exercises of a class for whoever gives it (decision 030)', () => {
  let world: World
  let ana: SecondTeacher
  let mine: Given
  let other: Given
  beforeAll(async () => {
    world = await openWorld({ model: true, env: { ACTIVITY_APPROVAL_HOURS: '24' } })
    ana = await takeOn(world, 'Ana Ruiz', 'ana@academia.test')
    const [first] = await world.rows<{ id: string }>('SELECT id FROM teacher WHERE id <> $1', [ana.id])
    const booked = async (teacherId: string) => {
      const [host, when] = [await newcomer(world), next()]
      return { host, end: when.end, ...(await confirmedClass(world, host, when, { teacherId, text: 'Mi rutina' })) }
    }
    const classes = [await booked(ana.id), await booked(first?.id ?? '')]
    world.clock.set(later(classes[1]?.end ?? '', MINUTE_MS))
    await world.settle()
    const given = classes.map(async ({ host, classId }): Promise<Given> => {
      const [task] = await world.rows<{ id: string }>('SELECT id FROM task WHERE class_id = $1', [classId])
      return { host, classId, taskId: String(task?.id) }
    })
    ;[mine, other] = (await Promise.all(given)) as [Given, Given]
  })
  afterAll(() => world.close())

  const pageOf = ({ classId }: Given) => `/profe/actividad/${classId}`
  const htmlOf = async (client: Client, path: string) => (await client.get(path)).text()
  const itemsOf = async ({ taskId }: Given) =>
    (await world.rows<{ items: { id: string }[] }>("SELECT exercise->'items' AS items FROM task WHERE id = $1", [taskId]))[0]?.items ?? []
  /** Everything that the page of `at` can send, about the exercise of `of`. */
  function formsOf(at: Given, of: Given, itemId: string): Form[] {
    const ways = ['guardar', 'cambiar', 'quitar', 'reescribir', 'corregir']
    const ofTask: Form[] = [
      ['publicar', {}],
      ['datos', { title: 'Otro' }],
      ['items', GAP],
      ['items', {}],
      ...ways.map((ir): Form => [`items/${itemId}`, { ir }]),
      [`items/${itemId}/correccion`, { punto: '1', texto: '0'.repeat(64) }],
    ]
    const ofClass: Form[] = [
      ['', OWN],
      ['/notas', { wentWell: 'Todo', errorsHeard: '', vocabulary: '' }],
      ['/transcripcion', { ir: 'guardar', transcripcion: 'Hello.' }],
      ['/transcripcion', { ir: 'borrar' }],
      ['/generar', { seguro: 'si' }],
      ...ofTask.map(([path, fields]): Form => [`/tareas/${of.taskId}/${path}`, fields]),
    ]
    return ofClass.map(([path, fields]) => [pageOf(at) + path, fields])
  }
  const everything = () =>
    world.rows(
      `SELECT (SELECT json_agg(t ORDER BY id) FROM task t) AS tasks, (SELECT json_agg(n) FROM class_note n) AS notes,
        (SELECT count(*) FROM audit_log) AS audited, (SELECT count(*) FROM model_call) AS asked`,
    )

  it('those of somebody else’s class are unknown, on the page, in each form and in the API, and stay as they are', async () => {
    const before = await everything()
    const [item] = await itemsOf(other)
    expect((await ana.client.get(pageOf(other))).status).toBe(404)
    const forms = [
      ...formsOf(other, other, item?.id ?? ''),
      // By way of a class of their own.
      ...formsOf(mine, other, item?.id ?? '').filter(([path]) => path.includes(other.taskId)),
    ]
    for (const [path, fields] of forms) expect((await ana.client.submit(path, fields)).status, path).toBe(404)
    for (const path of ['activity', 'activity/generate']) {
      const answer = await ana.client.post(`/api/admin/classes/${other.classId}/${path}`, OWN)
      expect([answer.status, await answer.json()]).toEqual([404, { error: 'No se encontró la clase' }])
    }
    expect(await everything()).toEqual(before)
    // What belongs to the admin alone still does.
    expect((await ana.client.get(`/admin/actividad/${mine.classId}`)).status).toBe(403)
    expect((await mine.host.get(pageOf(mine))).status).toBe(403)
  })

  it('a teacher who is not active any more has none, and no way to them; the notes of their classes stay theirs', async () => {
    await world.rows('UPDATE teacher SET active = false WHERE id = $1', [ana.id])
    const before = await everything()
    const [item] = await itemsOf(mine)
    expect((await ana.client.get(pageOf(mine))).status).toBe(404)
    for (const [path, fields] of formsOf(mine, mine, item?.id ?? '').filter(([each]) => !each.endsWith('/notas')))
      expect((await ana.client.submit(path, fields)).status, path).toBe(404)
    expect((await ana.client.post(`/api/admin/classes/${mine.classId}/activity/generate`)).status).toBe(404)
    expect(await everything()).toEqual(before)
    for (const path of ['/profe', `/profe/clases/${mine.classId}`])
      expect(await htmlOf(ana.client, path)).not.toContain('/profe/actividad/')
    await world.rows('UPDATE teacher SET active = true WHERE id = $1', [ana.id])
  })

  it('of their own class are read, changed, rewritten, approved, and the text of a student marked', async () => {
    for (const path of ['/profe', `/profe/clases/${mine.classId}`])
      expect(await htmlOf(ana.client, path)).toContain(`href="${pageOf(mine)}"`)
    const page = pageOf(mine)
    const html = await htmlOf(ana.client, page)
    for (const words of ['Borrador', 'Mi rutina', `action="${page}/notas"`, `href="/profe/clases/${mine.classId}"`])
      expect(html).toContain(words)
    expect(html).not.toContain('/admin')

    const at = `${page}/tareas/${mine.taskId}`
    const sent = async (path: string, fields: Record<string, string>) => {
      const answer = await ana.client.submit(path, fields)
      return [answer.status, (answer.headers.get('location') ?? '').replace(/[&#].*/, '')]
    }
    expect(await sent(`${page}/notas`, { wentWell: '', errorsHeard: 'He go', vocabulary: '' })).toEqual([303, `${page}?ok=notas`])
    const faulty = await ana.client.submit(`${at}/items`, { ...GAP, answers: '' })
    expect([faulty.status, (await faulty.text()).includes(`action="${at}/items"`)]).toEqual([400, true])
    const [item] = await itemsOf(mine)
    expect(await sent(`${at}/items/${item?.id}`, { ir: 'reescribir' })).toEqual([303, expect.stringContaining(`${page}?ok=`)])
    expect((await itemsOf(mine)).map(({ id }) => id)).not.toContain(item?.id)
    expect(await json(mine.host.get('/api/activities'))).toMatchObject({ response: [] })
    await becomeChoicesAndText(world, mine.taskId)
    expect(await sent(`${at}/publicar`, {})).toEqual([303, `${page}?ok=publicada`])

    await mine.host.post(`/api/activities/${mine.taskId}/submit`, { answers: { c0: 0, w: 'I get up at seven.' } })
    const textHash = /name="texto" value="([^"]+)"/.exec(await htmlOf(ana.client, page))?.[1] ?? ''
    const marks = new URLSearchParams([...['1', '0.5'].map((punto) => ['punto', punto]), ['comentario', 'Muy bien'], ['texto', textHash]])
    const marked = await world.app.request(`${at}/items/w/correccion`, {
      method: 'POST',
      headers: { cookie: ana.client.cookie, origin: 'http://localhost:3000', 'content-type': 'application/x-www-form-urlencoded' },
      body: marks.toString(),
    })
    expect(marked.headers.get('location')).toContain(`${page}?ok=corregido`)
    expect(await htmlOf(mine.host, `/actividad/${mine.taskId}/resultado`)).toContain('Muy bien')
    const [who] = await world.rows("SELECT email FROM audit_log a JOIN app_user u ON u.id = a.actor_id WHERE action = 'activity.mark'")
    expect(who).toEqual({ email: ana.email })
  })

  it('an item that was published is mended by the teacher of that class, as long as they are active, and by nobody else', async () => {
    await becomeChoicesAndText(world, other.taskId)
    await world.rows("UPDATE task SET state = 'published', published_at = $2 WHERE id = $1", [other.taskId, world.clock.now()])
    const fields = {
      ir: 'corregir',
      instruction: 'Elegí.',
      prompt: 'Q',
      options: 'a\nb\nc',
      answer: '2',
      explanation: 'Es b.',
      difficulty: 'easy',
    }
    const mend = async (at: Given, of: Given) => (await ana.client.submit(`${pageOf(at)}/tareas/${of.taskId}/items/c0`, fields)).status
    const before = await everything()
    expect([await mend(other, other), await mend(mine, other)]).toEqual([404, 404])
    await world.rows('UPDATE teacher SET active = false WHERE id = $1', [ana.id])
    expect(await mend(mine, mine)).toBe(404)
    expect(await everything()).toEqual(before)
    await world.rows('UPDATE teacher SET active = true WHERE id = $1', [ana.id])
    expect(await mend(mine, mine)).toBe(303)
  })

  it('their own exam goes out by page and API, as long as the admin’s may be; the admin is led on to the panel', async () => {
    const when = freshSlots('2026-11-30')()
    const { classId } = await confirmedClass(world, await newcomer(world), when, { teacherId: ana.id })
    const page = `/profe/actividad/${classId}`
    expect((await ana.client.submit(page, OWN)).status).toBe(409)
    world.clock.set(later(when.end, MINUTE_MS))
    await world.settle()
    // Too long for an exam, and not for the door.
    expect((await ana.client.submit(page, { ...OWN, content: 'x'.repeat(100_000) })).status).toBe(400)
    expect((await ana.client.submit(page, OWN)).headers.get('location')).toBe(`${page}?ok=enviada`)
    const api = `/api/admin/classes/${classId}/activity`
    expect(await json(ana.client.post(api, { ...OWN, title: 'Chapter 4' }))).toEqual({ success: true })
    expect(await htmlOf(ana.client, page)).toContain('Chapter 4')
    const admin = await world.admin()
    expect((await admin.get(page)).headers.get('location')).toBe(`/admin/actividad/${classId}`)
    expect(await htmlOf(admin, `/admin/actividad/${classId}`)).toContain(`action="/admin/actividad/${classId}/notas"`)
  })
})
