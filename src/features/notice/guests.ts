import { and, asc, eq } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { participation } from '../../db/tables.ts'

/** The people who joined a class with its code. */
export async function guestsOf(tx: Tx, classId: string): Promise<string[]> {
  const guests = await tx
    .select({ userId: participation.userId })
    .from(participation)
    .where(and(eq(participation.classId, classId), eq(participation.rol, 'participante')))
    .orderBy(asc(participation.seat))
  return guests.map(({ userId }) => userId)
}
