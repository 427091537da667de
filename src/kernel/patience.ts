import { AsyncLocalStorage } from 'node:async_hooks'

const patience = new AsyncLocalStorage<true>()

/**
 * Runs `work` as something that can wait: where only one at a time gets on (the one connection of the embedded database), others go first.
 */
export function patiently<T>(work: () => T): T {
  return patience.run(true, work)
}

/** Whether whoever calls this can wait. */
export function isPatient(): boolean {
  return patience.getStore() === true
}
