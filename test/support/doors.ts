import { createDoors, type Doors, type Lane, type LaneLimits, LIMITS } from '../../src/http/doors.ts'

const PATIENCE_MS = 120_000

/** Doors whose lanes have other limits than usual. */
export function doorsWith(limitsOf: (usual: LaneLimits) => LaneLimits): Doors {
  const lanes = Object.entries(LIMITS).map(([lane, usual]) => [lane, limitsOf(usual)])
  return createDoors(Object.fromEntries(lanes) as Record<Lane, LaneLimits>)
}

/** As many at once as in production; but however slow the machine is that this runs on, nobody is turned away for having waited. */
export function patientDoors(): Doors {
  return doorsWith((usual) => ({ ...usual, waitMsMax: PATIENCE_MS }))
}
