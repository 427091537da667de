import { and, asc, eq } from 'drizzle-orm'
import { activitySubmission, task } from '../../db/tables.ts'
import type { ExportPart } from '../identity/export-part.ts'

/** Activities that a person got, and what they answered; without the solutions, which have a time of their own. */
export const activitiesPart: ExportPart = {
  name: 'actividades',
  async read({ db }, userId, { limit, offset }) {
    return db.handle
      .select({
        clase: task.classId,
        titulo: task.title,
        nivel: task.level,
        publicada: task.publishedAt,
        empezada: activitySubmission.startedAt,
        enviada: activitySubmission.submittedAt,
        puntaje: activitySubmission.score,
        sobre: activitySubmission.total,
        respuestas: activitySubmission.answers,
      })
      .from(task)
      .leftJoin(activitySubmission, and(eq(activitySubmission.taskId, task.id), eq(activitySubmission.userId, userId)))
      .where(and(eq(task.userId, userId), eq(task.state, 'published')))
      .orderBy(asc(task.createdAt), asc(task.id))
      .limit(limit)
      .offset(offset)
  },
}
