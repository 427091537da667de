/** All limits are for what hangs: a machine that is busy with other things may take three times as long as an idle one. */
const CHECK_MINUTES = 10

/**
 * Everything that proves the product, in the order it runs. A stage with a `command` is one check; one with a `project` runs that
 * project of `vitest.config.ts` and counts its tests.
 */
export const STAGES = [
  { name: 'types', title: 'TypeScript', command: ['tsc', '--noEmit'], isStatic: true, minutesMax: CHECK_MINUTES },
  {
    name: 'style',
    title: 'Biome: lint and format',
    command: ['biome', 'ci', '--error-on-warnings', '--colors=off'],
    isStatic: true,
    minutesMax: CHECK_MINUTES,
  },
  {
    name: 'imports',
    title: 'Import directions',
    command: ['depcruise', '--config', '.dependency-cruiser.cjs', 'src', 'sandbox'],
    isStatic: true,
    minutesMax: CHECK_MINUTES,
  },
  { name: 'unused', title: 'Dead code and dependencies', command: ['knip'], isStatic: true, minutesMax: CHECK_MINUTES },
  { name: 'build', title: 'Build of the product', command: ['node', 'bin/build.mjs'], minutesMax: CHECK_MINUTES },
  { name: 'browser', title: 'A Chromium to test with', command: ['node', 'bin/chromium.mjs'], minutesMax: 9 },
  { name: 'rig', title: 'The test rig itself', project: 'rig', minutesMax: 10 },
  { name: 'unit', title: 'Units and HTTP in process', project: 'unit', minutesMax: 30 },
  { name: 'contract', title: 'One suite per port', project: 'contract', minutesMax: 15 },
  { name: 'race', title: 'Races on a real PostgreSQL server', project: 'race', minutesMax: 25 },
  { name: 'simulation', title: 'Histories from seeds, with faults and crashes', project: 'simulation', minutesMax: 25 },
  { name: 'e2e', title: 'Journeys in a real browser', project: 'e2e', minutesMax: 25 },
]
