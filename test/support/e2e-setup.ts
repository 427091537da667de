import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const LIMIT_MS = 300_000

/** The journeys run the built product: build it when the sources changed. */
export default async function setUp(): Promise<void> {
  const prepare = fileURLToPath(new URL('../../bin/prepare.mjs', import.meta.url))
  await promisify(execFile)(process.execPath, [prepare, '--dev'], { timeout: LIMIT_MS })
}
