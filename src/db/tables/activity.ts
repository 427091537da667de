import { date, integer, jsonb, numeric, pgTable, smallint, text, uuid } from 'drizzle-orm/pg-core'
import { instant, touched } from './columns.ts'

export type TaskGenerator = 'ai' | 'builtin' | 'manual'

/** What a person has to do after a class. `exercise` holds an `Exercise` of the activity feature, as it was when it was made. */
export const task = pgTable('task', {
  id: uuid('id').primaryKey(),
  classId: uuid('class_id').notNull(),
  userId: uuid('user_id').notNull(),
  title: text('title').notNull(),
  description: text('description').notNull().default(''),
  taskType: text('task_type').$type<'exam' | 'audio' | 'video' | 'reading'>().notNull().default('exam'),
  difficulty: text('difficulty').$type<'easy' | 'medium' | 'hard'>().notNull().default('medium'),
  level: text('level').$type<'A1' | 'A2' | 'B1' | 'B2' | 'C1'>().notNull(),
  exercise: jsonb('exercise'),
  content: text('content').notNull().default(''),
  solvedContent: text('solved_content').notNull().default(''),
  generator: text('generator').$type<TaskGenerator>().notNull(),
  model: text('model'),
  promptVersion: text('prompt_version'),
  state: text('state').$type<'draft' | 'published'>().notNull().default('draft'),
  publishAt: instant('publish_at').notNull(),
  publishedAt: instant('published_at'),
  ...touched,
})

export const activitySubmission = pgTable('activity_submission', {
  id: uuid('id').primaryKey(),
  taskId: uuid('task_id').notNull(),
  userId: uuid('user_id').notNull(),
  startedAt: instant('started_at').notNull(),
  answers: jsonb('answers').notNull().default({}),
  submittedAt: instant('submitted_at'),
  submittedAnswers: jsonb('submitted_answers'),
  score: numeric('score', { mode: 'number' }),
  total: smallint('total'),
  marks: jsonb('marks'),
  firstMarks: jsonb('first_marks'),
  bestAnswers: jsonb('best_answers'),
  bestMarks: jsonb('best_marks'),
  updatedAt: instant('updated_at').notNull(),
})

/** An item that a person missed, with the state of the algorithm that brings it back. */
export const reviewCard = pgTable('review_card', {
  id: uuid('id').primaryKey(),
  userId: uuid('user_id').notNull(),
  itemHash: text('item_hash').notNull(),
  item: jsonb('item').notNull(),
  card: jsonb('card').notNull(),
  dueAt: instant('due_at').notNull(),
  ...touched,
})

export const reviewAnswer = pgTable('review_answer', {
  id: uuid('id').primaryKey(),
  cardId: uuid('card_id').notNull(),
  userId: uuid('user_id').notNull(),
  day: date('day').notNull(),
  answer: jsonb('answer'),
  credit: numeric('credit', { mode: 'number' }).notNull(),
  answeredAt: instant('answered_at').notNull(),
})

export const modelCall = pgTable('model_call', {
  id: uuid('id').primaryKey(),
  classId: uuid('class_id').notNull(),
  userId: uuid('user_id').notNull(),
  model: text('model').notNull(),
  promptVersion: text('prompt_version').notNull(),
  outcome: text('outcome').notNull(),
  tokensIn: integer('tokens_in').notNull(),
  tokensOut: integer('tokens_out').notNull(),
  calledAt: instant('called_at').notNull(),
  purpose: text('purpose').$type<'exercise' | 'item' | 'marks'>().notNull(),
})

/** What was said in a class, as long as everybody who was there agrees and until `deleteAt`. */
export const classTranscript = pgTable('class_transcript', {
  classId: uuid('class_id').primaryKey(),
  body: text('body').notNull(),
  deleteAt: instant('delete_at').notNull(),
  ...touched,
})

/** What the teacher noted about a class. */
export const classNote = pgTable('class_note', {
  classId: uuid('class_id').primaryKey(),
  wentWell: text('went_well').notNull().default(''),
  errorsHeard: text('errors_heard').notNull().default(''),
  vocabulary: text('vocabulary').notNull().default(''),
  ...touched,
})
