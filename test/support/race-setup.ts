import type { TestProject } from 'vitest/node'
import { startPostgres } from './postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A real PostgreSQL server with every right, one per test run: `inject('postgresUrl')`. Make a database of your own on it. */
    postgresUrl: string
  }
}

/** Once per run of the race project: one real server for all its files. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres()
  project.provide('postgresUrl', server.url)
  return () => server.stop()
}
