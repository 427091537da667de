import { ADMIN_ADDRESS, again } from './people.ts'
import { type Answer, send, type Town } from './town.ts'

/** Pages of the list of cases that somebody would go through in one sitting. */
const PAGES_MAX = 25
/** "Reintentar" of a case; a class and a payment have addresses of their own. */
const RETRY = /action="(\/admin\/casos\/[\w-]+\/reintentar)"/g
/** An event that was moved by hand: where to have the class follow (offered where that is possible), and where to have it put back. */
const FOLLOW = /action="(\/admin\/calendario\/[\w-]+\/aceptar)"/g
const PUT_BACK = /action="(\/admin\/calendario\/[\w-]+\/deshacer)"/g
const RESTORE = /action="(\/admin\/clases\/[\w-]+\/recrear)"/g
const OK = 303
const FOLLOWED = 'ok=aceptada'
/** Settled by itself meanwhile. */
const NOTHING_TO_DO: readonly number[] = [404, 409]

/** The admin goes through the list of cases and presses every "Reintentar" on it. Returns how many there were. */
export async function retryCases(town: Town): Promise<number> {
  const [buttons = []] = await buttonsOf(town, [RETRY])
  for (const action of buttons) await press(town, action)
  return buttons.length
}

/**
 * The admin answers what hands did in the calendar: every other class follows its event where it may, the others are put back; an event that is gone is
 * made again. Returns how many answers there were.
 */
export async function answerHands(town: Town): Promise<number> {
  const [follow = [], putBack = [], restore = []] = await buttonsOf(town, [FOLLOW, PUT_BACK, RESTORE])
  const followed = new Set<string>()
  for (const action of follow.filter((_, index) => index % 2 === 0)) {
    const location = await press(town, action)
    // Where another class stands already nobody can follow; then the event goes back.
    if (location.includes(FOLLOWED)) followed.add(action.replace(/aceptar$/, 'deshacer'))
  }
  const others = [...putBack, ...restore].filter((action) => !followed.has(action))
  for (const action of others) await press(town, action)
  return followed.size + others.length
}

/** Returns where the button leads. */
async function press(town: Town, action: string): Promise<string> {
  const { status, headers } = await again(() => send(town, adminOf(town), 'POST', action, { form: {} }))
  if (status !== OK && !NOTHING_TO_DO.includes(status)) throw new Error(`${action} was answered ${status}`)
  return headers.get('location') ?? ''
}

/** The addresses of these buttons on all pages of the list, each once. */
async function buttonsOf(town: Town, kinds: readonly RegExp[]): Promise<string[][]> {
  const found = kinds.map(() => new Set<string>())
  for (let page = 1; page <= PAGES_MAX; page++) {
    const { status, text }: Answer = await again(() => send(town, adminOf(town), 'GET', `/admin?casos=${page}`))
    if (status !== 200) throw new Error(`The list of cases was answered ${status}`)
    for (const [index, kind] of kinds.entries()) for (const [, action = ''] of text.matchAll(kind)) found[index]?.add(action)
    if (!text.includes(`casos=${page + 1}`)) break
  }
  return found.map((buttons) => [...buttons])
}

function adminOf(town: Town): { cookie: string; address: string } {
  return { cookie: town.admin, address: ADMIN_ADDRESS }
}
