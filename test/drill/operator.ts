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
  const followed = follow.filter((_, index) => index % 2 === 0)
  let answers = 0
  for (const action of followed) {
    await press(town, action)
    answers += 1
  }
  for (const action of [...putBack, ...restore]) {
    // What follows already is nothing to put back.
    if (followed.includes(action.replace(/deshacer$/, 'aceptar'))) continue
    await press(town, action)
    answers += 1
  }
  return answers
}

async function press(town: Town, action: string): Promise<void> {
  const { status } = await again(() => send(town, adminOf(town), 'POST', action, { form: {} }))
  if (status !== OK && !NOTHING_TO_DO.includes(status)) throw new Error(`${action} was answered ${status}`)
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
