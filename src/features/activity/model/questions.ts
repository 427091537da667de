import { z } from 'zod'
import { Exercise, Item } from '../exercise.ts'
import type { Question } from './ask.ts'
import { Marks, parseExercise, parseItem, parseMarks } from './parse.ts'
import { INSTRUCTIONS, ITEM_INSTRUCTIONS, itemPrompt, MARKS_INSTRUCTIONS, type ModelWish, marksPrompt, promptFor } from './prompt.ts'

/** A whole exercise; sent back once when it is not of our form. */
export function exerciseQuestion(wish: ModelWish): Question<Exercise> {
  return {
    purpose: 'exercise',
    instructions: INSTRUCTIONS,
    prompt: promptFor(wish),
    form: Exercise,
    parse: (text) => parseExercise(text, wish.level),
    mendings: 1,
  }
}

/** Another item of the same kind, level and topic, under that id; a person waits for it, so it is asked for once. */
export function itemQuestion(id: string, exercise: Exercise, replaced: Item, objective: string | null): Question<Item> {
  const others = exercise.items.filter((item) => item.id !== replaced.id)
  return {
    purpose: 'item',
    instructions: ITEM_INSTRUCTIONS,
    prompt: itemPrompt(exercise, replaced, objective),
    form: z.object({ item: Item }),
    parse: (text) => parseItem(text, { id, replaced, others }),
    mendings: 0,
  }
}

/** The marks of a text, by the rubric of its item. */
export function marksQuestion(item: Extract<Item, { kind: 'writing' }>, text: string): Question<Marks> {
  return {
    purpose: 'marks',
    instructions: MARKS_INSTRUCTIONS,
    prompt: marksPrompt(item, text),
    form: Marks,
    parse: (answer) => parseMarks(answer, item),
    mendings: 1,
  }
}
