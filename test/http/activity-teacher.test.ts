import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DAY_MS, MINUTE_MS } from '../../src/kernel/clock.ts'
import { json } from '../support/booking.ts'
import { becomeChoicesAndText, beginWithChoiceAndGap } from '../support/exercise.ts'
import { classFor, freshSlots, later, newcomer, type Scene } from '../support/scene.ts'
import { type Client, openWorld, type World } from '../support/world.ts'

const slotOf = freshSlots()
const OWN = { title: 'Chapter 3', content: 'Who is Tom? ___', solvedContent: 'Tom is a cat.' }

describe('the teacher and the activity of a class (4.16, 4.23)', () => {
  let world: World
  let admin: Client
  let scene: Scene
  let guest: Client
  let page: string
  let taskId: string
  beforeAll(async () => {
    world = await openWorld({ env: { ACTIVITY_APPROVAL_HOURS: '24' } })
    admin = await world.admin()
    scene = await classFor(world, 2, slotOf(), 'Mi rutina')
    page = `/admin/actividad/${scene.classId}`
    world.clock.set(scene.start)
    guest = await newcomer(world)
    await guest.post('/api/access-code', { accessCode: scene.code })
  })
  afterAll(() => world.close())

  const upload = (body: unknown, who = admin) => who.post(`/api/admin/classes/${scene.classId}/activity`, body)
  const list = async (who: Client) => (await json(who.get('/api/activities'))).response as { id: string; title: string }[]
  const task = async () =>
    (
      await world.rows<{ exercise: { items: { id: string; kind: string; prompt: string }[] } }>('SELECT exercise FROM task WHERE id = $1', [
        taskId,
      ])
    )[0]?.exercise.items ?? []
  const markAs = async (textHash = '') =>
    world.app.request(`${page}/tareas/${taskId}/items/w/correccion`, {
      method: 'POST',
      headers: { cookie: admin.cookie, origin: 'http://localhost:3000', 'content-type': 'application/x-www-form-urlencoded' },
      body: `punto=1&punto=0.5&comentario=Muy+bien&texto=${textHash}`,
    })
  const mails = (kind: string) => world.rows('SELECT 1 FROM notice WHERE kind = $1', [kind])

  it('nothing is uploaded before the end, nor without its data, nor by anybody else', async () => {
    const early = await upload(OWN)
    expect([early.status, await early.json()]).toEqual([409, { error: 'La clase todavía no finalizó' }])
    world.clock.set(later(scene.end, MINUTE_MS))
    await world.settle()
    for (const body of [{}, { ...OWN, title: ' ' }, { ...OWN, difficulty: 'impossible' }, { ...OWN, content: '' }, []]) {
      const refused = await upload(body)
      expect([refused.status, await refused.json()]).toEqual([400, { error: 'Faltan datos de la actividad' }])
    }
    expect((await upload(OWN, scene.host)).status).toBe(403)
    expect((await admin.post('/api/admin/classes/x/activity', OWN)).status).toBe(404)
    expect((await upload('x'.repeat(1024 * 1024 + 1))).status).toBe(413)
  })

  it('a draft is seen by the teacher alone; an item is changed with what is wrong said beside the field, or swapped', async () => {
    expect(await list(scene.host)).toEqual([])
    taskId = String((await world.rows('SELECT id FROM task ORDER BY created_at, id'))[0]?.id)
    await beginWithChoiceAndGap(world)
    world.clock.advance(MINUTE_MS)
    const item = (await task()).find(({ kind }) => kind === 'choice')
    const at = `${page}/tareas/${taskId}/items/${item?.id}`
    expect(await (await admin.get(page)).text()).toContain('Borrador')
    // It does not wait in silence: one mail for the class, and a line on the panel.
    expect(await mails('drafts-ready')).toHaveLength(1)
    expect(await (await admin.get('/admin')).text()).toContain(`href="${page}">2 borradores para revisar`)
    const fields = {
      ir: 'guardar',
      instruction: 'Elegí.',
      prompt: 'It ___ new.',
      explanation: 'Es singular.',
      difficulty: 'easy',
      answer: '1',
    }
    const wrong = await admin.submit(at, { ...fields, options: 'is' })
    const html = await wrong.text()
    expect([wrong.status, html.includes('tiene muy pocas líneas')]).toEqual([400, true])
    // Said at the top, with the way to the item, which is open.
    expect(html).toContain(`href="#item-${taskId}-${item?.id}" autofocus`)
    expect(html).toContain(`id="item-${taskId}-${item?.id}" open`)
    expect((await admin.submit(at, { ...fields, options: 'is\nare\nbe' })).status).toBe(303)
    expect((await task()).find(({ id }) => id === item?.id)?.prompt).toBe('It ___ new.')
    expect((await admin.submit(at, { ir: 'cambiar' })).status).toBe(303)
    expect((await task()).map(({ id }) => id)).not.toContain(item?.id)
  })

  it('title and reading of a draft are read and changed by the teacher, within bounds', async () => {
    const reading = { kind: 'dialogue', title: 'At the bar', body: 'A: A coffee, please.' }
    await world.rows("UPDATE task SET exercise = jsonb_set(exercise, '{reading}', $1) WHERE id = $2", [JSON.stringify(reading), taskId])
    expect(await (await admin.get(page)).text()).toContain('A: A coffee, please.')
    const at = `${page}/tareas/${taskId}/datos`
    const wrong = await admin.submit(at, { title: ' ', readingTitle: 'At the café', readingBody: 'x'.repeat(2_501) })
    const html = await wrong.text()
    expect([wrong.status, html.includes('Falta este dato.'), html.includes('Es demasiado largo')]).toEqual([400, true, true])
    expect(html).toContain('At the café')
    expect((await admin.submit(at, { title: 'In a café', readingTitle: 'At the café', readingBody: 'A: A tea.' })).status).toBe(303)
    const [kept] = await world.rows('SELECT title, exercise FROM task WHERE id = $1', [taskId])
    expect(kept).toMatchObject({
      title: 'In a café',
      exercise: { title: 'In a café', reading: { kind: 'dialogue', title: 'At the café', body: 'A: A tea.' } },
    })
  })

  it('an item of the teacher’s own is added and another taken out, from eight to twelve', async () => {
    const items = `${page}/tareas/${taskId}/items`
    const own = {
      kind: 'gap',
      instruction: 'Completá.',
      prompt: 'She ___ here.',
      explanation: 'Con she va is.',
      difficulty: 'easy',
      answers: 'is',
    }
    const wrong = await admin.submit(items, { ...own, answers: '' })
    expect([wrong.status, (await wrong.text()).includes('She ___ here.')]).toEqual([400, true])
    expect((await admin.submit(items, { ...own, kind: 'essay' })).status).toBe(400)
    for (let size = (await task()).length; size < 12; size++) expect((await admin.submit(items, own)).status).toBe(303)
    expect((await admin.submit(items, own)).status).toBe(409)
    // It is about whatever the teacher wants: no topic is told by it.
    expect((await task()).find(({ prompt }) => prompt === own.prompt)).toMatchObject({ topic: 'propios' })
    expect((await task()).at(-1)?.kind === 'writing' || (await task()).at(-1)?.prompt === own.prompt).toBe(true)
    for (let size = 12; size > 8; size--) {
      expect((await admin.submit(`${items}/${(await task())[0]?.id}`, { ir: 'quitar' })).status).toBe(303)
    }
    expect((await admin.submit(`${items}/${(await task())[0]?.id}`, { ir: 'quitar' })).status).toBe(409)
    expect(await task()).toHaveLength(8)
  })

  it('is made anew over a draft that was changed only on a second word', async () => {
    const refused = await admin.submit(`${page}/generar`, {})
    const html = await refused.text()
    expect([refused.status, html.includes('se pierden esos cambios'), html.includes('name="seguro"')]).toEqual([409, true, true])
    await world.settle()
    expect(await task()).toHaveLength(8)
    expect((await admin.submit(`${page}/generar`, { seguro: 'si' })).status).toBe(303)
    await world.settle()
    expect(await task()).toEqual([])
    expect(await (await admin.get(page)).text()).not.toContain('name="seguro"')
  })

  it('is made anew while nothing was shown, and published on a word, with a mail to its person', async () => {
    expect(await json(admin.post(`/api/admin/classes/${scene.classId}/activity/generate`))).toEqual({ success: true })
    await world.settle()
    const drafts = await world.rows("SELECT id FROM task WHERE state = 'draft'")
    expect([drafts.length, drafts.some(({ id }) => id === taskId)]).toEqual([2, false])
    const [row] = await world.rows('SELECT t.id FROM task t JOIN virtual_class c ON c.booked_by_id = t.user_id')
    taskId = String(row?.id)
    for (let time = 0; time < 2; time++) expect((await admin.submit(`${page}/tareas/${taskId}/publicar`, {})).status).toBe(303)
    expect([(await list(scene.host)).length, (await list(guest)).length]).toEqual([1, 0])
    expect(await mails('activity-ready')).toHaveLength(1)
    // The other one has nothing to see yet, and is told nothing of the kind.
    const seen = async (who: Client) => ((await json(who.get('/api/my-classes?view=history'))).response as object[])[0]
    expect(await seen(scene.host)).toMatchObject({ activityStatus: 'uploaded', activityId: taskId })
    expect(await seen(guest)).toMatchObject({ activityStatus: 'pending', activityId: null })
    expect(await (await guest.get('/inicio')).text()).not.toContain('/actividad/')
    const again = await admin.post(`/api/admin/classes/${scene.classId}/activity/generate`)
    expect([again.status, await again.json()]).toEqual([409, { error: 'La actividad ya está publicada' }])
  })

  it('the teacher’s own replaces it for everybody, until somebody answered; everybody is told, once', async () => {
    await scene.host.post(`/api/activities/${taskId}/start`)
    world.clock.advance(MINUTE_MS)
    // Sent twice, as by a second click.
    for (let time = 0; time < 2; time++) expect(await json(upload(OWN))).toEqual({ success: true })
    expect(await mails('activity-ready')).toHaveLength(3)
    // Mended and sent again, it is the same exercise.
    expect(await json(upload({ ...OWN, content: `${OWN.content}!` }))).toEqual({ success: true })
    expect(await mails('activity-ready')).toHaveLength(3)
    // Work on what was replaced is no work on what takes its place.
    expect(await json(scene.host.get(`/api/activities/${taskId}`))).toMatchObject({ response: { startedAt: null } })
    for (const who of [scene.host, guest]) expect(await list(who)).toMatchObject([{ title: 'Chapter 3' }])
    expect(await (await admin.get(page)).text()).toContain('Enviada')
    await world.rows('UPDATE task SET exercise = (SELECT exercise FROM task LIMIT 1)')
    const tooLong = await admin.submit(page, { ...OWN, content: `${'y'.repeat(20_000)}z` })
    const html = await tooLong.text()
    expect([tooLong.status, html.includes('hasta 20.000 caracteres'), html.includes('yz</textarea>')]).toEqual([400, true, true])
    taskId = String((await list(guest))[0]?.id)
    await guest.post(`/api/activities/${taskId}/submit`, { answers: {} })
    const late = await upload(OWN)
    expect([late.status, await late.json()]).toEqual([409, { error: 'La actividad ya tiene respuestas' }])
    const form = await admin.submit(page, OWN)
    const offered = await form.text()
    expect([form.status, offered.includes('Who is Tom?'), offered.includes('name="onlyUnsolved" value="si"')]).toEqual([409, true, true])
    // To those who did not answer, it can be sent.
    expect((await admin.submit(page, { ...OWN, title: 'Chapter 4', onlyUnsolved: 'si' })).status).toBe(303)
    expect([(await list(scene.host))[0]?.title, (await list(guest))[0]?.title]).toEqual(['Chapter 4', 'Chapter 3'])
    // Its solution has nothing for the gap: the teacher is told.
    expect(await (await admin.get(page)).text()).toContain('Línea 1, <q lang="en">Who is Tom? ___')
  })

  it('marks a text by its rubric, and the student sees it', async () => {
    await becomeChoicesAndText(world, taskId)
    expect((await guest.post(`/api/activities/${taskId}/submit`, { answers: { c0: [0] } })).status).toBe(400)
    await guest.post(`/api/activities/${taskId}/submit`, { answers: { c0: 0, w: 'I get up at seven.' } })
    for (const shown of [`/actividad/${taskId}/resultado`, '/inicio/mis-actividades'])
      expect(await (await guest.get(shown)).text()).toMatch(/1 de 7( puntos)?, y un texto en corrección/)
    expect(await (await admin.get('/admin')).text()).toContain(`href="${page}">1 texto para corregir`)
    world.clock.advance(5 * MINUTE_MS)
    await world.settle()
    expect(await mails('texts-waiting')).toHaveLength(1)
    const read = await (await admin.get(page)).text()
    expect(read).toContain('I get up at seven.')
    const textHash = /name="texto" value="([^"]+)"/.exec(read)?.[1]
    expect((await admin.submit(`${page}/tareas/${taskId}/items/w/correccion`, { punto: '1' })).status).toBe(400)
    const mark = (hash = textHash) => markAs(hash)
    expect((await mark()).status).toBe(303)
    expect(await json(guest.get(`/api/activities/${taskId}`))).toMatchObject({ response: { score: 1.75 } })
    expect(await (await guest.get(`/actividad/${taskId}/resultado`)).text()).toContain('Muy bien')
    // Handed in again unchanged, the mark stays.
    expect(await json(guest.post(`/api/activities/${taskId}/submit`, { answers: {} }))).toMatchObject({ score: 1.75, waiting: 0 })
    // Rewritten, the mark belongs to the old text as long as that is the one handed in.
    await guest.submit(`/actividad/${taskId}/resolver`, { paso: '8', r: 'I never get up.', ir: 'siguiente' })
    for (const shown of [await guest.get(`/actividad/${taskId}/resultado`), await admin.get(page)]) {
      const html = await shown.text()
      expect([html.includes('I get up at seven.'), html.includes('I never get up.')]).toEqual([true, false])
    }
    // Handed in, it waits for a reader, who marks no text that they have not read.
    expect((await guest.submit(`/actividad/${taskId}/enviar`, {})).status).toBe(303)
    expect(await (await guest.get(`/actividad/${taskId}/resultado`)).text()).not.toContain('Muy bien')
    const late = await mark('0'.repeat(64))
    const html = await late.text()
    expect([late.status, html.includes('I never get up.'), html.includes('El texto cambió desde que lo leíste')]).toEqual([409, true, true])
    // What was read is marked where it is: in the better submission before, not in the one that nobody read.
    expect((await mark()).status).toBe(303)
    expect(await (await guest.get(`/actividad/${taskId}/resultado`)).text()).not.toContain('Muy bien')
    expect(await (await guest.get('/api/user-data/export')).text()).toContain('"comentario": "Muy bien"')
    // However many wait, one mail a day.
    world.clock.advance(5 * MINUTE_MS)
    await world.settle()
    expect(await mails('texts-waiting')).toHaveLength(1)
  })

  it('a text of a better submission is marked and counts, though another one was handed in right after it', async () => {
    const hand = (answers: object) => json(guest.post(`/api/activities/${taskId}/submit`, { answers }))
    const right = Object.fromEntries([...Array(7).keys()].map((n) => [`c${n}`, 0]))
    expect(await hand({ ...right, w: 'This is my good text.' })).toMatchObject({ score: 7, waiting: 1 })
    expect(await hand({ c0: 1, c1: 1, w: 'Bad text.' })).toMatchObject({ score: 7, waiting: 1 })
    expect(await (await guest.get(`/actividad/${taskId}/resultado`)).text()).toContain('Tu mejor puntaje: 7 de 7, y un texto en corrección')
    const read = await (await admin.get(page)).text()
    expect(read).toContain('De una entrega anterior')
    expect([read.includes('This is my good text.'), read.includes('Bad text.')]).toEqual([true, true])
    const hashes = [...read.matchAll(/name="texto" value="([^"]+)"/g)].map(([, hash]) => hash)
    expect((await markAs(hashes[1])).status).toBe(303)
    expect(await json(guest.get(`/api/activities/${taskId}`))).toMatchObject({ response: { score: 7.75 } })
    const result = await (await guest.get(`/actividad/${taskId}/resultado`)).text()
    expect(result).toContain('Tu mejor puntaje: 7,75 de 8')
    // The teacher sees what was answered, and what was done about it where it was done.
    const seen = await (await admin.get(`${page}?ok=corregido&tarea=${taskId}`)).text()
    expect(seen).toMatch(/Respondió: <span lang="en">b<\/span>\. Era: <strong lang="en">a</)
    expect(seen.split('Guardamos la corrección')).toHaveLength(2)
    expect(seen.indexOf('Guardamos la corrección')).toBeGreaterThan(seen.indexOf(`id="tarea-${taskId}"`))
    expect(result).toContain('Tu texto está en corrección')
  })

  it('a mistake in what was published is mended: what was handed in is marked anew, and the card of the review follows', async () => {
    const hostsTask = String((await list(scene.host))[0]?.id)
    await becomeChoicesAndText(world, hostsTask)
    const submitted = await json(scene.host.post(`/api/activities/${hostsTask}/submit`, { answers: { c0: 1, c2: 0 } }))
    expect(submitted).toMatchObject({ score: 1 })
    const at = (itemId: string) => `${page}/tareas/${hostsTask}/items/${itemId}`
    const fields = { instruction: 'Elegí.', prompt: 'Q', options: 'a\nb\nc', explanation: 'Así es.', difficulty: 'easy' }
    expect((await admin.submit(at('c0'), { ...fields, ir: 'guardar', answer: '2' })).status).toBe(409)
    const wrong = await admin.submit(at('c0'), { ...fields, ir: 'corregir', answer: '9' })
    expect([wrong.status, (await wrong.text()).includes(`id="item-${hostsTask}-c0" open`)]).toEqual([400, true])
    expect((await scene.host.submit(at('c0'), { ...fields, ir: 'corregir', answer: '2' })).status).toBe(403)
    for (const itemId of ['c1', 'c0', 'c2'])
      expect((await admin.submit(at(itemId), { ...fields, ir: 'corregir', answer: '2' })).status).toBe(303)
    // One more for `c0`; the one for `c2` stays, though its key is another one now.
    expect(await json(scene.host.get(`/api/activities/${hostsTask}`))).toMatchObject({ response: { score: 2 } })
    const cards = await world.rows<{ item: { item: object } }>(
      'SELECT c.item FROM review_card AS c JOIN task AS t ON t.user_id = c.user_id WHERE t.id = $1',
      [hostsTask],
    )
    expect(cards.map(({ item }) => item.item)).toMatchObject([{ id: 'c1', prompt: 'Q', answer: 1 }])
  })

  it('keeps the notes of a class, and the next exercise practises what was heard', async () => {
    expect((await admin.submit(`${page}/notas`, { wentWell: 'x'.repeat(2_001), errorsHeard: '', vocabulary: '' })).status).toBe(400)
    await admin.submit(`${page}/notas`, { wentWell: 'Todo', errorsHeard: 'Verbo to be', vocabulary: '' })
    expect(await (await admin.get(page)).text()).toContain('Verbo to be')
    await world.rows('DELETE FROM activity_submission')
    await world.rows('UPDATE participation SET task_id = NULL')
    await world.rows('DELETE FROM task')
    await world.rows("UPDATE virtual_class SET activity_status = 'pending', learning_focus = NULL")
    await admin.post(`/api/admin/classes/${scene.classId}/activity/generate`)
    await world.settle()
    taskId = String((await world.rows('SELECT id FROM task LIMIT 1'))[0]?.id)
    expect((await task()).some((item) => (item as { topic?: string }).topic === 'verb-to-be')).toBe(true)
  })

  it('the gaps of the teacher’s own text are filled in and marked by its solved twin, which is shown afterwards', async () => {
    await world.rows('DELETE FROM activity_submission')
    const content = '# The cat\n\n1. Tom ___ (be) a cat.\n2. He ___ mice and ___ milk.'
    await upload({
      title: 'Gaps',
      content,
      solvedContent: '# The cat\n\n1. Tom is (be) a cat.\n2. He eats / catches mice and drinks milk.',
    })
    const own = String((await list(guest))[0]?.id)
    expect(await (await guest.get(`/api/activities/${own}`)).text()).not.toContain('catches')
    expect(await (await guest.get(`/actividad/${own}/resolver`)).text()).toContain('Tom ___ (be) a cat.')
    await guest.submit(`/actividad/${own}/resolver`, { paso: '1', r: 'is', ir: 'siguiente' })
    const submitted = await json(guest.post(`/api/activities/${own}/submit`, { answers: { g2: ['catches', 'water'] } }))
    expect(submitted).toMatchObject({ score: 1.5, total: 2 })
    expect(await (await guest.get(`/actividad/${own}/resultado`)).text()).toContain('Es la respuesta de tu profesor.')
    await world.rows('DELETE FROM activity_submission')
    await world.rows('UPDATE participation SET task_id = NULL')
    await world.rows('DELETE FROM task')
    await world.rows("UPDATE virtual_class SET activity_status = 'pending'")
    await admin.post(`/api/admin/classes/${scene.classId}/activity/generate`)
    await world.settle()
  })

  it('what nobody approved publishes itself; what is left undone is reminded of once', async () => {
    world.clock.advance(DAY_MS + MINUTE_MS)
    await world.settle()
    expect(await list(guest)).toHaveLength(1)
    await guest.post(`/api/activities/${(await list(guest))[0]?.id}/submit`, { answers: {} })
    world.clock.advance(3 * DAY_MS + MINUTE_MS)
    await world.settle()
    world.clock.advance(DAY_MS)
    await world.settle()
    expect(await mails('activity-reminder')).toHaveLength(1)
  })

  it('once everybody has closed their account nothing is sent to nobody', async () => {
    await world.rows(
      `UPDATE app_user SET deleted_at = $1, image = NULL, telefono = NULL, localidad = '-', google_name = '', zone = NULL,
         email = id || '@cuenta.invalid' WHERE id IN (SELECT user_id FROM participation)`,
      [world.clock.now()],
    )
    const refused = await upload(OWN)
    expect([refused.status, await refused.json()]).toEqual([409, { error: 'Quienes participaron cerraron sus cuentas' }])
    const html = await (await admin.get(page)).text()
    expect([html.includes('no hay a quién enviar un examen'), html.includes('name="solvedContent"')]).toEqual([true, false])
  })
})
