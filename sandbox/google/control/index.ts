import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { GoogleApiError } from '../calendar/errors.ts'
import type { GoogleWorld } from '../world.ts'
import { accountControl } from './accounts.ts'
import { calendarControl } from './calendars.ts'
import { eventControl } from './events.ts'
import { meetingControl } from './meetings.ts'
import { switchControl } from './switches.ts'

/** The control API of the Google part, mounted at `/__control/google`. `sandbox/README.md` lists every call. */
export function googleControl(world: GoogleWorld, reset: () => void): Hono {
  const app = new Hono()
  app.route('/', accountControl(world))
  app.route('/', calendarControl(world))
  app.route('/', eventControl(world))
  app.route('/', switchControl(world))
  app.route('/', meetingControl(world))
  app.route('/faults', world.faults.control)
  app.post('/reset', (c) => {
    reset()
    return c.body(null, 204)
  })
  app.onError((error) => {
    if (error instanceof HTTPException) return error.getResponse()
    if (error instanceof GoogleApiError) return Response.json({ error: error.message, answer: error.body }, { status: error.status })
    return Response.json({ error: error.message }, { status: 500 })
  })
  return app
}
