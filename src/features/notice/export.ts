import { asc, eq } from 'drizzle-orm'
import { notice } from '../../db/tables.ts'
import { listPart } from '../account/export-part.ts'

/** Messages to a person: about what, and whether they were sent. */
export const noticesPart = listPart('avisos', (handle, userId) =>
  handle
    .select({ tipo: notice.kind, clase: notice.classId, estado: notice.state, escrito: notice.createdAt, enviado: notice.sentAt })
    .from(notice)
    .where(eq(notice.userId, userId))
    .orderBy(asc(notice.createdAt), asc(notice.id)),
)
