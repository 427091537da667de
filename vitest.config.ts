import { defineConfig } from 'vitest/config'

// Far from Argentina and from UTC, where servers live: a test that only passes in one time zone fails here.
process.env.TZ = 'Asia/Tokyo'

const SECOND_MS = 1_000
/** Limits here say that something hangs. How long things may take is for the benchmarks: a machine may be busy with others. */
const POLL_MS = 30 * SECOND_MS

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'hono/jsx' } },
  test: {
    pool: 'forks',
    maxWorkers: 2,
    restoreMocks: true,
    unstubEnvs: true,
    testTimeout: 180 * SECOND_MS,
    hookTimeout: 300 * SECOND_MS,
    expect: { poll: { timeout: POLL_MS } },
    projects: [
      {
        extends: true,
        test: { name: 'rig', include: ['bin/**/*.test.mjs', 'test/support/**/*.test.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'unit',
          // Files of one worker share what they import: a new process for each of 230 files took a third of this stage's time.
          isolate: false,
          include: ['{src,sandbox}/**/*.test.{ts,tsx}', 'test/{eval,http,unit}/**/*.test.{ts,tsx}'],
          globalSetup: ['test/support/template-setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'contract',
          isolate: false,
          include: ['test/contract/**/*.test.{ts,tsx}'],
          globalSetup: ['test/support/template-setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'race',
          include: ['test/race/**/*.test.ts'],
          globalSetup: ['test/support/race-setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'simulation',
          include: ['test/simulation/**/*.test.ts'],
          globalSetup: ['test/support/template-setup.ts'],
          testTimeout: 10 * 60 * SECOND_MS,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.{ts,tsx}'],
          globalSetup: ['test/support/e2e-setup.ts'],
          fileParallelism: false,
          testTimeout: 300 * SECOND_MS,
        },
      },
    ],
  },
})
