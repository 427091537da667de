import { focusedThing, giveBack, keepTyped } from './keep.ts'

let remount: () => void = () => {}

export function onMainReplaced(mount: () => void): void {
  remount = mount
}

/**
 * Fetches this page again and puts its `<main>` in place: the server stays the only one that writes pages. The focus stays where it was. False, and
 * quiet, when the answer is not this page (signed out, offline), or when the page was taken in hand while it was on its way: whoever asked tries again.
 */
export async function refreshMain(): Promise<boolean> {
  const wasBusy = isBusy()
  try {
    const response = await fetch(location.href, { headers: { accept: 'text/html' } })
    if (!response.ok || response.redirected) return false
    const next = new DOMParser().parseFromString(await response.text(), 'text/html')
    const main = next.querySelector('main')
    if (!main || (isBusy() && !wasBusy)) return false
    const focused = focusedThing()
    const old = document.querySelector('main')
    if (old) keepTyped(old, main)
    document.title = next.title
    old?.replaceWith(main)
    document.querySelector('.ribbon')?.replaceWith(...next.querySelectorAll('.ribbon'))
    replaceNextClass(next)
    remount()
    giveBack(focused)
    return true
  } catch {
    return false
  }
}

/** What the top bar says about the next class comes and goes with what `<main>` says about it. */
function replaceNextClass(next: Document): void {
  document.querySelector('.next-class')?.remove()
  const words = next.querySelector('.next-class')
  if (words) document.querySelector('.topbar-end')?.prepend(words)
}

/** Something open, pressed, or on its way to the server. */
const IN_USE = 'details[open], dialog[open], :active, [aria-busy=true], form[data-online=asking], [data-code-enter] :focus'

/** True while replacing the page would take something out of the person's hands. That the focus is somewhere does not: it is given back. */
export function isBusy(): boolean {
  const main = document.querySelector('main')
  if (main === null) return false
  return main.querySelector(IN_USE) !== null || isTyping(main) || isTicked(main)
}

function isTyping(main: Element): boolean {
  const active = document.activeElement
  if (active === null || !main.contains(active)) return false
  return active.matches('select') || (active.matches('input, textarea') && isChanged(active as HTMLInputElement))
}

function isChanged(field: HTMLInputElement): boolean {
  return field.value !== field.defaultValue
}

function isTicked(main: Element): boolean {
  const boxes = [...main.querySelectorAll<HTMLInputElement>('input[type=radio], input[type=checkbox]')]
  return boxes.some((box) => box.checked !== box.defaultChecked)
}
