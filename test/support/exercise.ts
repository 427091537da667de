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
