import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ItemGrade } from '../../src/features/activity/grade.ts'
import { markText } from '../../src/features/activity/teacher/commands.ts'
import { hashOfText } from '../../src/features/activity/teacher/rules.ts'
import { MINUTE_MS } from '../../src/kernel/clock.ts'
import { json } from '../support/booking.ts'
import { becomeChoicesAndText } from '../support/exercise.ts'
import { classFor, freshSlots, later, type Scene } from '../support/scene.ts'
import { type Client, openWorld, type World } from '../support/world.ts'

const TEXT = 'I get up at seven.'
const RIGHT = Object.fromEntries([...Array(7).keys()].map((n) => [`c${n}`, 0]))

describe('what follows from mending an item that its person has already (decision 030)', () => {
  let world: World
  let admin: Client
  let scene: Scene
  let taskId: string
  beforeAll(async () => {
    world = await openWorld()
    admin = await world.admin()
    scene = await classFor(world, 1, freshSlots()(), 'Mi rutina')
    world.clock.set(later(scene.end, MINUTE_MS))
    await world.settle()
    taskId = String((await world.rows('SELECT id FROM task'))[0]?.id)
  })
  beforeEach(async () => {
    for (const table of ['review_answer', 'review_card', 'activity_submission']) await world.rows(`DELETE FROM ${table}`)
    await becomeChoicesAndText(world, taskId)
    // Each asks something of its own.
    const [row] = await world.rows<{ items: { id: string }[] }>("SELECT exercise->'items' AS items FROM task")
    const items = row?.items.map((item) => ({ ...item, prompt: `P ${item.id}` }))
    await world.rows("UPDATE task SET exercise = jsonb_set(exercise, '{items}', $1)", [JSON.stringify(items)])
  })
  afterAll(() => world.close())

  const hand = (answers: object) => json(scene.host.post(`/api/activities/${taskId}/submit`, { answers }))
  const mend = (itemId: string, change: Record<string, string>) =>
    admin.submit(`/admin/actividad/${scene.classId}/tareas/${taskId}/items/${itemId}`, {
      ...{ ir: 'corregir', instruction: 'Elegí.', prompt: `P ${itemId}`, options: 'a\nb\nc', answer: '1', explanation: 'Así es.' },
      ...{ difficulty: 'easy', ...change },
    })
  const cards = async () => (await world.rows("SELECT item->'item'->>'id' AS id FROM review_card ORDER BY 1")).map(({ id }) => id)
  const firstMarks = async () =>
    (await world.rows<{ marks: ItemGrade[] }>('SELECT first_marks AS marks FROM activity_submission'))[0]?.marks ?? []

  it('what was missed at first and known later stays in the review, whatever is mended', async () => {
    await hand({ ...RIGHT, c0: 1 })
    world.clock.advance(MINUTE_MS)
    await hand({ c0: 0 })
    expect((await mend('c0', { explanation: 'Porque sí.' })).status).toBe(303)
    expect(await cards()).toEqual(['c0'])
  })

  it('the card of what was right after all goes, also at the second correction', async () => {
    await hand({ ...RIGHT, c0: 1, c1: 1 })
    world.clock.advance(MINUTE_MS)
    for (const change of [{ explanation: 'Porque sí.' }, { answer: '2' }]) expect((await mend('c0', change)).status).toBe(303)
    expect(await cards()).toEqual(['c1'])
  })

  it('the first try follows, also once its text was marked, and nothing but the item does', async () => {
    await hand({ ...RIGHT, c0: 1, c1: 1, w: TEXT })
    const [by] = await world.rows<{ id: string }>("SELECT id FROM app_user WHERE role = 'ADMIN'")
    const tutor = { id: by?.id ?? '', role: 'ADMIN', teacherId: null, isActiveTeacher: false } as const
    const read = { points: [1, 0.5], comment: '', textHash: hashOfText(TEXT) }
    expect(await markText(world.deps, tutor, taskId, 'w', read)).toMatchObject({ ok: true })
    const before = await firstMarks()
    await mend('c0', { answer: '2' })
    expect(await firstMarks()).toEqual(before.map((mark) => (mark.itemId === 'c0' ? { ...mark, credit: 1 } : mark)))
    expect(before.find(({ itemId }) => itemId === 'w')?.credit).toBeNull()
    expect(await cards()).toEqual(['c1'])
  })

  it('options and points of a rubric keep their places, for pages that are open and marks that were given', async () => {
    const refused = async (itemId: string, change: Record<string, string>, says: string) => {
      const answer = await mend(itemId, change)
      expect([answer.status, (await answer.text()).includes(says)]).toEqual([400, true])
    }
    const text = { wordsMin: '5', wordsMax: '20', sample: 'S.' }
    await refused('c0', { options: 'b\na\nc', answer: '2' }, 'cada línea sigue en su lugar')
    await refused('w', { ...text, rubric: 'Orden\nPresente simple' }, 'en el mismo orden')
    await refused('w', { ...text, rubric: 'Presente simple\nOrden\nOtro' }, 'en el mismo orden')
    const kept = [
      ['c0', { options: 'a\nbee\nc\nd' }],
      ['w', { ...text, rubric: 'Presente simple\nOrden de las palabras' }],
    ] as const
    for (const [itemId, change] of kept) expect((await mend(itemId, change)).status).toBe(303)
    await refused('c0', { options: 'a\nbee\nd' }, 'cada línea sigue en su lugar')
  })
})
