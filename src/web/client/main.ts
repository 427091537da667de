import { mountBank } from './bank.ts'
import { mountBooking } from './booking.ts'
import { startClock } from './clock.ts'
import { mountCodeForm } from './code-form.ts'
import { mountCopy } from './copy.ts'
import { mountCountdowns, mountLapses } from './countdown.ts'
import { mountFollow } from './follow.ts'
import { mountFresh } from './fresh.ts'
import { mountJumps } from './jumps.ts'
import { mountLive } from './live.ts'
import { mountLocalTimes } from './local-time.ts'
import { mountMenus } from './menus.ts'
import { mountMyClasses } from './my-classes.ts'
import { mountOnce } from './once.ts'
import { mountOnline } from './online.ts'
import { mountPayment } from './payment.ts'
import { mountPrint } from './print.ts'
import { mountRedirect } from './redirect.ts'
import { onMainReplaced } from './refresh.ts'
import { mountSaid } from './said.ts'
import { mountAhead, mountKept, mountSaved } from './saved.ts'

/** Every part looks for its own markup and does nothing where there is none. */
let current = new AbortController()

function mountPage(): void {
  current.abort()
  current = new AbortController()
  const { signal } = current
  startClock()
  for (const mount of [
    mountLive,
    mountCountdowns,
    mountLapses,
    mountLocalTimes,
    mountCopy,
    mountCodeForm,
    mountMyClasses,
    mountFollow,
    mountKept,
    mountAhead,
    mountBooking,
    mountPayment,
    mountFresh,
    mountRedirect,
    mountJumps,
    mountPrint,
    mountSaid,
    mountBank,
  ]) {
    mount(document, signal)
  }
}

mountOnline()
mountSaved()
mountOnce()
mountMenus()
onMainReplaced(mountPage)
mountPage()
