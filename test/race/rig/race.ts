import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEADLOCK } from './driver.ts'
import { openRig, type Removal, type Rig, type RigOptions } from './rig.ts'

/**
 * What went wrong in one round, one sentence each, beginning with its kind: "overlap: 3 live classes in one hour". Nothing wrong: empty.
 * A round brings its own people and slots, so that rounds of one rig do not disturb each other.
 */
export type Round = (rig: Rig, round: number) => Promise<string[]>

export interface Control {
  /** What is taken away, in this control only. */
  without: Removal
  /** The kind of harm that must show (`a|b`: either): anything else that goes wrong proves nothing. */
  shows: string
}

export interface Race extends Omit<RigOptions, 'without'> {
  round: Round
  /** Rounds of the real thing. */
  rounds?: number
  /** Name of the protection → proof that this rig notices when it is gone. At least one. */
  controls: Record<string, Control>
  /** How often a control may try until the harm shows. */
  controlRounds?: number
  /** Name of a protection → with it gone alone, only these kinds of harm may show: what is behind it still holds. */
  fallbacks?: Record<string, { without: Removal; mayShow: readonly string[] }>
}

const ROUNDS = 3
/** Only a control whose harm depends on chance needs more than one or two; one that never shows takes this long to say so. */
const CONTROL_ROUNDS = 80
/** The machine may be busy with other things: this is no measure of speed. */
const TEST_LIMIT_MS = 300_000

/** The same round twice: as the product is, where nothing may go wrong, and with a protection taken away, where something must. */
export function describeRace(title: string, race: Race): void {
  if (Object.keys(race.controls).length === 0) throw new Error(`"${title}" has no control: nothing proves that it can fail`)
  describe(title, () => {
    describe('as it is', () => {
      const rig = rigForTests(race)
      it('holds', { timeout: TEST_LIMIT_MS }, async () => {
        const harm: string[] = []
        for (let round = 0; round < (race.rounds ?? ROUNDS); round++) harm.push(...(await watched(rig(), () => race.round(rig(), round))))
        expect(harm).toEqual([])
      })
    })
    for (const [protection, { without, shows }] of Object.entries(race.controls)) {
      describe(`control, without ${protection}`, () => {
        const rig = rigForTests({ ...race, without })
        it(`shows: ${shows}`, { timeout: TEST_LIMIT_MS }, async () => {
          const harm: string[] = []
          for (let round = 0; round < (race.controlRounds ?? CONTROL_ROUNDS) && !harm.some((line) => isKind(line, shows)); round++) {
            harm.push(...(await watched(rig(), () => race.round(rig(), round))))
          }
          expect(harm, 'this rig cannot fail').toContainEqual(expect.stringMatching(kindPattern(shows)))
          expect(rig().idleRewrites(), 'a rewrite fits no statement that is sent').toBe(0)
        })
      })
    }
    for (const [protection, { without, mayShow }] of Object.entries(race.fallbacks ?? {})) {
      describe(`without ${protection} alone`, () => {
        const rig = rigForTests({ ...race, without })
        it(`shows at most: ${mayShow.join(', ') || 'nothing'}`, { timeout: TEST_LIMIT_MS }, async () => {
          const harm: string[] = []
          for (let round = 0; round < (race.rounds ?? ROUNDS); round++) harm.push(...(await watched(rig(), () => race.round(rig(), round))))
          expect(harm.filter((line) => !mayShow.some((kind) => isKind(line, kind)))).toEqual([])
        })
      })
    }
  })
}

/** SQLSTATE of a wait for a lock that took longer than production allows. */
const LOCK_WAIT = '55P03'

/**
 * Whatever a race is about: nothing may fail inside, and nobody may wait for each other in a circle or longer than the database allows.
 * A round that breaks off is harm like any other: in a control it need not be what is to be shown, and the next round may show that.
 */
async function watched(rig: Rig, round: () => Promise<string[]>): Promise<string[]> {
  const before = { lines: rig.world.logged.length, deadlocks: rig.refused(DEADLOCK), lockWaits: rig.refused(LOCK_WAIT) }
  const harm = await round().catch((error: unknown) => [`thrown: ${error instanceof Error ? error.stack : error}`])
  for (const { level, message, fields } of rig.world.logged.slice(before.lines)) {
    if (level === 'error') harm.push(`failure: ${message} ${JSON.stringify(fields.error ?? fields).slice(0, 300)}`)
  }
  const deadlocks = rig.refused(DEADLOCK) - before.deadlocks
  if (deadlocks > 0) harm.push(`deadlock: ${deadlocks}`)
  const lockWaits = rig.refused(LOCK_WAIT) - before.lockWaits
  if (lockWaits > 0) harm.push(`lock-wait: ${lockWaits}`)
  return harm
}

function isKind(line: string, kind: string): boolean {
  return kindPattern(kind).test(line)
}

/** `seats|silent` stands for either kind. */
function kindPattern(kind: string): RegExp {
  return new RegExp(`^(${kind}):`)
}

function rigForTests(options: RigOptions): () => Rig {
  let rig: Rig | undefined
  beforeAll(async () => {
    rig = await openRig(options)
  })
  afterAll(() => rig?.close())
  return () => {
    if (!rig) throw new Error('The rig is not open')
    return rig
  }
}
