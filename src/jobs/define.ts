import type { z } from 'zod'
import type { Deps } from '../deps.ts'

/** A job is a name, a payload, limits and one call. Running it twice must be harmless. */
export interface JobDefinition<Payload extends object = object> {
  /** `<feature>.<verb>`; also the queue's name. */
  name: string
  payload: z.ZodType<Payload>
  /**
   * How often a run that throws is repeated before the job goes to the dead-letter list; 0: never, and it does not go there, because the next
   * of its kind does the same. Expected failures reschedule themselves instead.
   */
  retriesMax: number
  /** Seconds until a run counts as lost (its process died) and is repeated; that is no try of the job, and has a limit of its own (`lost.ts`). */
  timeoutSeconds: number
  /** How many may run at once in one process. */
  atOnceMax: number
  run(deps: Deps, payload: Payload): Promise<void>
}

type Limits = 'retriesMax' | 'timeoutSeconds' | 'atOnceMax'

export function defineJob<Payload extends object>(
  definition: Omit<JobDefinition<Payload>, Limits> & Partial<Pick<JobDefinition<Payload>, Limits>>,
): JobDefinition<Payload> {
  return { retriesMax: 20, timeoutSeconds: 90, atOnceMax: 4, ...definition }
}
