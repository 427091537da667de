import { BANK } from '../../src/features/activity/bank/index.ts'
import type { World } from './world.ts'

/** Begins every exercise with a choice and a gap: which kinds of items are drawn is chance. */
export async function beginWithChoiceAndGap(world: World): Promise<void> {
  for (const [place, kind] of ['choice', 'gap'].entries()) {
    const item = BANK.flatMap(({ items }) => items).find((each) => each.kind === kind)
    await world.rows('UPDATE task SET exercise = jsonb_set(exercise, $1, $2)', [
      `{items,${place}}`,
      JSON.stringify({ ...item, id: `first-${kind}` }),
    ])
  }
}

/** Seven choices whose first option is right, and a text to write with two points to be marked by. */
export async function becomeChoicesAndText(world: World, taskId: string): Promise<void> {
  const common = { topic: 't', level: 'A1', difficulty: 'easy', explanation: 'Así es.' }
  const choices = [...Array(7).keys()].map((n) => ({
    ...{ id: `c${n}`, kind: 'choice', ...common, instruction: 'Elegí.', prompt: 'P', options: ['a', 'b', 'c'], answer: 0 },
  }))
  const text = {
    ...{ id: 'w', kind: 'writing', ...common, instruction: 'Escribí.', prompt: 'Write.', wordsMin: 5, wordsMax: 20 },
    ...{ rubric: ['Presente simple', 'Orden'], sample: 'S.' },
  }
  const exercise = { title: 'T', level: 'A1', difficulty: 'easy', reading: null, items: [...choices, text] }
  await world.rows('UPDATE task SET exercise = $1 WHERE id = $2', [JSON.stringify(exercise), taskId])
}
