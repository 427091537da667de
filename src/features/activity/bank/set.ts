import { z } from 'zod'
import { Exercise, Item, Topic } from '../exercise.ts'

/**
 * One file of the built-in bank: what there is to practise about a topic at a level. Items may ask about the reading; those are only ever given
 * together with it.
 */
export const BankSet = z.object({
  topic: Topic,
  level: Exercise.shape.level,
  /** As students read it, in Spanish: "Present perfect: experiencias". */
  title: z.string().trim().min(3).max(80),
  /** Words by which an objective is recognised, Spanish and English, without accents, lower case. */
  keywords: z.array(z.string().regex(/^[a-z0-9' -]{2,40}$/)).min(3),
  reading: Exercise.shape.reading,
  items: z.array(Item).min(8),
  /** Ids of the items that ask about the reading. */
  aboutReading: z.array(z.string()),
})

export type BankSet = z.infer<typeof BankSet>
