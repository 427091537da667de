import { describe, expect, it } from 'vitest'
import { ClassActivityPage, type ClassActivityView } from './activity.tsx'
import type { ItemView, SeatView } from './activity-view.ts'

const NOW = new Date('2026-11-25T16:36:00Z')
const chrome = { asset: (name: string) => name, theme: 'light' as const, path: '/admin', person: null, now: NOW }
const ITEM: ItemView = { id: 'i1', kind: 'gap', label: 'She ___ here.', key: 'is / is living', fields: {}, errors: null, error: null }

const seat = (state: 'draft' | 'published'): SeatView => ({
  name: 'Ana',
  isClosed: false,
  notice: null,
  handedIn: null,
  task: {
    ...{ id: 't1', title: 'T', state, publishAt: NOW, generator: 'builtin', level: 'A1', difficulty: 'easy', reading: null },
    ...{ head: { fields: {}, errors: null, error: null }, items: [ITEM], blanks: [], content: '', left: [], isEdited: false },
  },
})

async function render(more: Partial<ClassActivityView> = {}): Promise<string> {
  const view: ClassActivityView = {
    ...{ area: 'admin', classId: 'c1', startsAt: NOW, objective: null, isFinished: true, isPending: true, seats: [seat('draft')] },
    ...{ problem: null, canRewrite: false, transcript: null, leftLines: [] },
    notes: { values: { wentWell: '', errorsHeard: '', vocabulary: '' }, error: null },
    upload: {
      values: { title: '', description: '', difficulty: 'medium', type: 'exam', content: '', solvedContent: '' },
      ...{ error: null, answered: [], unsolved: ['Ana'] },
    },
    ...more,
  }
  return String(await ClassActivityPage({ chrome, ...view }))
}

describe('the page of the exercises of a class', () => {
  it('shows the key under what an item asks, in a draft and after it was published', async () => {
    for (const state of ['draft', 'published'] as const)
      expect(await render({ seats: [seat(state)] })).toContain('Clave: <span lang="en">is / is living</span>')
  })

  it('speaks of artificial intelligence where it is, and of none over the form that a person fills in', async () => {
    const [bank, model, sent] = [await render(), await render({ canRewrite: true }), await render({ isPending: false })]
    for (const html of [bank, model, sent]) {
      const [ai, own] = [html.indexOf('Crear nuevo examen con Inteligencia Artificial'), html.indexOf('Enviar un examen escrito por vos')]
      expect([ai > 0, ai < own, html.indexOf('name="solvedContent"') > own]).toEqual([true, true, true])
    }
    expect(bank).toContain('no hay una IA conectada')
    expect([bank, model, sent].map((html) => html.includes('actividad/c1/generar'))).toEqual([true, true, false])
  })

  it('says that notes reach the exercises of this class only when they are made anew', async () => {
    expect(await render()).toContain('les llega solo si elegís “Generar de nuevo”')
    expect(await render({ isPending: false })).toContain('ya se enviaron: lo que anotes')
  })

  it('offers the correction of what was published, and nothing else about its items', async () => {
    const [draft, published] = [await render(), await render({ seats: [seat('published')] })]
    expect([draft, published].map((html) => html.includes('value="corregir"'))).toEqual([false, true])
    expect([draft, published].map((html) => html.includes('Cambiar por otro del banco'))).toEqual([true, false])
  })
})
