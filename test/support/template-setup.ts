import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { databaseTemplate } from './template.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** See `template.ts`. */
    databaseTemplate: string
  }
}

/** Once per run of a project: what each of its worlds would otherwise do for itself. */
export default async function setUp(project: TestProject): Promise<void> {
  project.provide('databaseTemplate', await databaseTemplate(fileURLToPath(new URL('../..', import.meta.url))))
}
