import type { Deps } from '../../deps.ts'
import { retryNotice } from '../notice/commands.ts'
import { sendRefund } from '../payment/refund.ts'
import { makeStatement } from '../statement/make.ts'
import { audit, closeCases, findOpenCase } from './attention.ts'

export type RetryResult = 'done' | 'in-process' | 'later' | 'refused' | 'unknown'

/**
 * The admin's "Reintentar" on a case: does once more what the case is about. Harmless when it was done meanwhile: every effect keeps its key.
 * `later`: it did not work now, or it takes its time; the case stays until it is done. `refused`: for good; nobody tries again by himself.
 * `in-process`: the provider has accepted a refund and works on it.
 */
export async function retryCase(deps: Deps, caseId: string, actorId: string): Promise<RetryResult> {
  const found = await findOpenCase(deps.db.handle, caseId)
  const result = found ? await retry(deps, found.subject, found.subjectId) : 'unknown'
  if (!found || result === 'unknown') return 'unknown'
  await deps.db.transaction(async (tx) => {
    if (found.subject === 'job') await closeCases(deps, tx, found, actorId)
    await audit(deps, tx, { actorId, action: 'case.retry', subject: found.subject, subjectId: found.subjectId, detail: { result } })
  })
  return result
}

async function retry(deps: Deps, subject: string, subjectId: string): Promise<RetryResult> {
  switch (subject) {
    case 'refund': {
      const result = await sendRefund(deps, subjectId, true)
      return result === 'failed' ? 'refused' : result
    }
    case 'notice':
      return (await retryNotice(deps, subjectId)) ? 'later' : 'unknown'
    case 'job':
      return (await deps.db.transaction(() => deps.jobs.reviveDead(subjectId))) ? 'later' : 'unknown'
    case 'statement':
      return (await makeStatement(deps, subjectId)) === 'balanced' ? 'done' : 'later'
    default:
      return 'unknown'
  }
}
