import { and, eq, isNotNull, type SQL, sql } from 'drizzle-orm'
import type { Handle, Tx } from '../../../db/client.ts'
import { teacher, virtualClass } from '../../../db/tables.ts'
import type { Deps } from '../../../deps.ts'
import { DAY_MS, plus } from '../../../kernel/clock.ts'
import { wallDate } from '../../../kernel/zoned-time.ts'
import { notify } from '../../notice/commands.ts'
import { markTextsJob } from '../marking.ts'

/** A text that nobody marks is told so many days long. */
const TOLD_FOR_DAYS = 7
const TOLD_AT_ONCE = 200

/** Work of one sort that waits for a teacher. `classId`: the class where it has waited longest, or ends to wait first. */
export interface WaitingWork {
  count: number
  classId: string
}

/** What waits for somebody who looks at exercises; null: nothing of that sort. */
export interface Waiting {
  /** To be read before they publish themselves. */
  drafts: WaitingWork | null
  /** To be marked: they wait for ever. */
  texts: WaitingWork | null
}

export const NOTHING_WAITS: Waiting = { drafts: null, texts: null }

interface Whose {
  teacherId?: string
  classId?: string
}

/** What waits in classes of one teacher, in one class, or in all of them. */
export async function waitingWork(handle: Handle, whose: Whose, now: Date): Promise<Waiting> {
  const { rows } = await handle.execute<Counted & { sort: 'drafts' | 'texts' }>(sql`
    SELECT 'drafts' AS sort, d.* FROM (${drafts(whose, now)}) AS d UNION ALL SELECT 'texts' AS sort, t.* FROM (${texts(whose)}) AS t`)
  const of = (sort: 'drafts' | 'texts') => workOf(rows.filter((row) => row.sort === sort))
  return { drafts: of('drafts'), texts: of('texts') }
}

/** A draft whose time has come publishes itself within minutes: it is past looking at. */
function drafts(whose: Whose, now: Date): SQL {
  return sql`
    SELECT count(*)::int AS count, (array_agg(c.id ORDER BY t.publish_at, t.id))[1] AS class_id
    FROM task AS t JOIN virtual_class AS c ON c.id = t.class_id
    WHERE t.state = 'draft' AND t.publish_at > ${now} AND ${within(whose)}`
}

/** Of what was handed in last, and of what is kept beside it; the same text is counted once. */
function texts(whose: Whose): SQL {
  return sql`
    SELECT count(DISTINCT (s.id, mark->>'itemId', attempt.answers->>(mark->>'itemId')))::int AS count,
      (array_agg(c.id ORDER BY s.submitted_at, s.id))[1] AS class_id
    FROM activity_submission AS s
    JOIN task AS t ON t.id = s.task_id
    JOIN virtual_class AS c ON c.id = t.class_id
    CROSS JOIN LATERAL (VALUES (s.marks, s.submitted_answers), (s.best_marks, s.best_answers)) AS attempt (marks, answers)
    CROSS JOIN LATERAL jsonb_array_elements(attempt.marks) AS mark
    WHERE (s.marks @> '[{"credit": null}]' OR s.best_marks @> '[{"credit": null}]') AND mark->'credit' = 'null' AND ${within(whose)}`
}

type Counted = { count: number; class_id: string | null }

function workOf([row]: Counted[]): WaitingWork | null {
  return row?.class_id ? { count: row.count, classId: row.class_id } : null
}

async function anyOf(tx: Tx, work: SQL): Promise<boolean> {
  return workOf((await tx.execute<Counted>(work)).rows) !== null
}

function within({ teacherId, classId }: Whose) {
  return sql`${teacherId ? sql`c.teacher_id = ${teacherId}` : sql`true`} AND ${classId ? sql`c.id = ${classId}` : sql`true`}`
}

/** Tells the teacher of a class that drafts wait to be looked at: once for each class. */
export async function tellOfDrafts(deps: Deps, classId: string): Promise<void> {
  if (deps.config.activityApprovalHours === 0) return
  await deps.db.transaction(async (tx) => {
    if (await anyOf(tx, drafts({ classId }, deps.clock.now())))
      await tellTutor(deps, tx, { classId, kind: 'drafts-ready', dedupeKey: `drafts-ready:${classId}` })
  })
}

/**
 * Tells teachers of classes where a text waits for them: at most once a day for each class, however many are handed in. A text that is still with
 * a model waits for nobody else.
 */
export async function tellOfTexts(deps: Deps): Promise<void> {
  const now = deps.clock.now()
  const { rows } = await deps.db.handle.execute<{ task_id: string; class_id: string }>(sql`
    SELECT DISTINCT t.id AS task_id, t.class_id ${untoldTexts(now)} ORDER BY t.class_id, t.id LIMIT ${TOLD_AT_ONCE}`)
  const told = new Set<string>()
  for (const { task_id: taskId, class_id: classId } of rows) {
    if (told.has(classId) || (await deps.jobs.stateOf(markTextsJob, taskId)) === 'waiting') continue
    told.add(classId)
    await deps.db.transaction((tx) =>
      tellTutor(deps, tx, { classId, kind: 'texts-waiting', dedupeKey: `texts-waiting:${classId}:${wallDate(now)}` }),
    )
  }
}

/** Whether there may be any. */
export const anyUntoldText = (now: Date): SQL => sql`EXISTS (SELECT ${untoldTexts(now)})`

/** Of what was touched in the last days: nobody is written to for ever about what they leave alone. */
const untoldTexts = (now: Date) => sql`FROM activity_submission AS s
    JOIN task AS t ON t.id = s.task_id
    JOIN virtual_class AS c ON c.id = t.class_id
    JOIN teacher AS g ON g.id = c.teacher_id
    WHERE (s.marks @> '[{"credit": null}]' OR s.best_marks @> '[{"credit": null}]') AND s.updated_at > ${plus(now, -TOLD_FOR_DAYS * DAY_MS)}
      AND g.active AND g.user_id IS NOT NULL
      AND NOT EXISTS (SELECT FROM notice AS n WHERE n.dedupe_key = 'texts-waiting:' || t.class_id || ${`:${wallDate(now)}`}::text)`

/** Nobody is told of classes whose teacher gives none any more: the admin has them on the panel. */
async function tellTutor(
  deps: Deps,
  tx: Tx,
  message: { classId: string; kind: 'drafts-ready' | 'texts-waiting'; dedupeKey: string },
): Promise<void> {
  const [tutor] = await tx
    .select({ userId: teacher.userId })
    .from(virtualClass)
    .innerJoin(teacher, eq(teacher.id, virtualClass.teacherId))
    .where(and(eq(virtualClass.id, message.classId), eq(teacher.active, true), isNotNull(teacher.userId)))
  if (tutor?.userId) await notify(deps, tx, { ...message, userId: tutor.userId })
}
