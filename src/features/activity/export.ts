import { and, asc, eq } from 'drizzle-orm'
import { activitySubmission, classNote, classTranscript, reviewAnswer, reviewCard, task, virtualClass } from '../../db/tables.ts'
import { listPart } from '../account/export-part.ts'
import type { ItemGrade } from './grade.ts'
import { CardItem } from './memory/commands.ts'

/** Activities that a person got, what they answered, and how it was marked; without the solutions, which have a time of their own. */
export const activitiesPart = listPart(
  'actividades',
  (handle, userId) =>
    handle
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
        entregadas: activitySubmission.submittedAnswers,
        correccion: activitySubmission.marks,
        primeraCorreccion: activitySubmission.firstMarks,
        mejorEntrega: activitySubmission.bestAnswers,
        mejorCorreccion: activitySubmission.bestMarks,
      })
      .from(task)
      .leftJoin(activitySubmission, and(eq(activitySubmission.taskId, task.id), eq(activitySubmission.userId, userId)))
      .where(and(eq(task.userId, userId), eq(task.state, 'published')))
      .orderBy(asc(task.createdAt), asc(task.id)),
  (row) => ({
    ...row,
    correccion: toldMarks(row.correccion),
    primeraCorreccion: toldMarks(row.primeraCorreccion),
    mejorCorreccion: toldMarks(row.mejorCorreccion),
  }),
)

/** Marks in the words of the file; a text that nobody read yet has none. */
function toldMarks(marks: unknown): object[] | null {
  return (
    (marks as ItemGrade[] | null)?.map(({ itemId, credit, points, comment, by }) => ({
      item: itemId,
      puntaje: credit,
      ...(points ? { criterios: points, corrigio: by === 'model' ? 'tutor IA' : 'profesor' } : {}),
      ...(comment === undefined ? {} : { comentario: comment }),
    })) ?? null
  )
}

/** What the teacher noted about classes with this person alone; notes about a group are about others as well. */
export const notesPart = listPart('notasDelProfesor', (handle, userId) =>
  handle
    .select({
      clase: classNote.classId,
      salioBien: classNote.wentWell,
      erroresOidos: classNote.errorsHeard,
      vocabulario: classNote.vocabulary,
      anotada: classNote.updatedAt,
    })
    .from(classNote)
    .innerJoin(virtualClass, eq(virtualClass.id, classNote.classId))
    .where(and(eq(virtualClass.bookedById, userId), eq(virtualClass.classType, 'individual')))
    .orderBy(asc(classNote.createdAt), asc(classNote.classId)),
)

/** What was said in classes with this person alone, as long as it is kept. */
export const transcriptsPart = listPart('transcripciones', (handle, userId) =>
  handle
    .select({ clase: classTranscript.classId, texto: classTranscript.body, seBorra: classTranscript.deleteAt })
    .from(classTranscript)
    .innerJoin(virtualClass, eq(virtualClass.id, classTranscript.classId))
    .where(and(eq(virtualClass.bookedById, userId), eq(virtualClass.classType, 'individual')))
    .orderBy(asc(classTranscript.createdAt), asc(classTranscript.classId)),
)

/** What a person answered in the daily review, and when each item comes back. */
export const reviewsPart = listPart(
  'repasos',
  (handle, userId) =>
    handle
      .select({
        consigna: reviewCard.item,
        vuelve: reviewCard.dueAt,
        dia: reviewAnswer.day,
        respuesta: reviewAnswer.answer,
        puntaje: reviewAnswer.credit,
      })
      .from(reviewCard)
      .leftJoin(reviewAnswer, eq(reviewAnswer.cardId, reviewCard.id))
      .where(eq(reviewCard.userId, userId))
      .orderBy(asc(reviewCard.createdAt), asc(reviewCard.id), asc(reviewAnswer.day)),
  (row) => ({ ...row, consigna: instructionOf(row.consigna) }),
)

/** Without the solution: the item may be due. */
function instructionOf(card: unknown): string {
  const parsed = CardItem.safeParse(card)
  return parsed.success ? parsed.data.item.instruction : ''
}
