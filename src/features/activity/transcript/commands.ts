import { z } from 'zod'
import type { Deps } from '../../../deps.ts'
import { DAY_MS, plus } from '../../../kernel/clock.ts'
import type { Outcome } from '../../../kernel/outcome.ts'
import { refuse, succeed } from '../../../kernel/outcome.ts'
import { audit } from '../../operation/attention.ts'
import { findClass } from '../../virtual-class/store.ts'
import { mayTutor, type TeacherRefusal, type Tutor } from '../teacher/rules.ts'
import * as store from './store.ts'

export const TRANSCRIPT_CHARACTERS_MAX = 20_000
/** After so many days it is gone, used or not. */
export const TRANSCRIPT_DAYS = 30

const Transcript = z.string().trim().min(1).max(TRANSCRIPT_CHARACTERS_MAX)

/** Keeps what was said in a finished class for its exercises, while everybody who was there agrees and a model is there to read it (decision 026). */
export async function saveTranscript(deps: Deps, by: Tutor, classId: string, sent: unknown): Promise<Outcome<null, TeacherRefusal>> {
  const about = await findClass(deps.db.handle, classId)
  if (!about || !mayTutor(by, about)) return refuse('unknown-class')
  if (!deps.exercises) return refuse('no-model')
  const body = Transcript.safeParse(sent)
  if (!body.success) return refuse('bad-transcript')
  if (about.status !== 'completed') return refuse('not-finished')
  return deps.db.transaction(async (tx): Promise<Outcome<null, TeacherRefusal>> => {
    if ((await store.disagreeing(tx, classId, 'share')).length > 0) return refuse('no-consent')
    const now = deps.clock.now()
    await store.putTranscript(tx, classId, body.data, { now, deleteAt: plus(now, TRANSCRIPT_DAYS * DAY_MS) })
    await audit(deps, tx, { actorId: by.id, action: 'class.transcript', subject: 'class', subjectId: classId })
    return succeed(null)
  })
}

/** Forgets it at once. Done twice, it is done. */
export async function forgetTranscript(deps: Deps, by: Tutor, classId: string): Promise<Outcome<null, TeacherRefusal>> {
  const about = await findClass(deps.db.handle, classId)
  if (!about || !mayTutor(by, about)) return refuse('unknown-class')
  return deps.db.transaction(async (tx) => {
    await store.deleteTranscript(tx, classId)
    await audit(deps, tx, { actorId: by.id, action: 'class.transcript-delete', subject: 'class', subjectId: classId })
    return succeed(null)
  })
}

/** A person lets transcripts of their classes be used, or no longer; then what there is of them goes at once. */
export async function saveTranscriptConsent(deps: Deps, userId: string, agrees: boolean): Promise<void> {
  await deps.db.transaction(async (tx) => {
    await store.setAgreement(tx, userId, agrees, deps.clock.now())
    if (!agrees) await store.deleteTranscriptsOf(tx, userId)
  })
}
