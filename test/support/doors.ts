import { createDoors, type Doors, LIMITS } from '../../src/http/doors.ts'

const PATIENCE_MS = 120_000

/** As many at once as in production; but however slow the machine is that this runs on, nobody is turned away for having waited. */
export function patientDoors(): Doors {
  const { read, asking, write, booking, notification } = LIMITS
  const waitMsMax = PATIENCE_MS
  return createDoors({
    read: { ...read, waitMsMax },
    asking: { ...asking, waitMsMax },
    write: { ...write, waitMsMax },
    booking: { ...booking, waitMsMax },
    notification: { ...notification, waitMsMax },
  })
}
