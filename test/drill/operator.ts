import { again } from './people.ts'
import { send, type Town } from './town.ts'

const ADDRESS = '10.255.255.1'
/** Pages of the list of cases that somebody would go through in one sitting. */
const PAGES_MAX = 25
/** "Reintentar" of a case; a class and a payment have addresses of their own. */
const RETRY = /action="(\/admin\/casos\/[\w-]+\/reintentar)"/g
const OK = 303

/** The admin goes through the list of cases and presses every "Reintentar" on it. Returns how many there were. */
export async function retryCases(town: Town): Promise<number> {
  const admin = { cookie: town.admin, address: ADDRESS }
  const buttons = new Set<string>()
  for (let page = 1; page <= PAGES_MAX; page++) {
    const { status, text } = await again(() => send(town, admin, 'GET', `/admin?casos=${page}`))
    if (status !== 200) throw new Error(`The list of cases was answered ${status}`)
    const found = [...text.matchAll(RETRY)].map(([, action]) => action ?? '')
    const before = buttons.size
    for (const action of found) buttons.add(action)
    // Behind the last page comes the last page again.
    if (found.length > 0 && buttons.size === before) break
    if (!text.includes(`casos=${page + 1}`)) break
  }
  for (const action of buttons) {
    const { status } = await again(() => send(town, admin, 'POST', action, { form: {} }))
    // Settled by itself meanwhile.
    if (status !== OK && status !== 404) throw new Error(`${action} was answered ${status}`)
  }
  return buttons.size
}
