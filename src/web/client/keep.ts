/** Where the focus is, in words that also find its like on a page that was written anew. */
export type FocusPlace = { selector: string; index: number } | null

/** How to find `element` again: by its name on the page, or else by where it leads. */
export function selectorOf(element: Pick<Element, 'id' | 'getAttribute' | 'localName'>): string | null {
  if (element.id !== '') return `[id=${JSON.stringify(element.id)}]`
  for (const name of ['data-key', 'href', 'name', 'aria-label']) {
    const value = element.getAttribute(name)
    if (value !== null) return `${element.localName}[${name}=${JSON.stringify(value)}]`
  }
  return null
}

export function focusedThing(): FocusPlace {
  const active = document.activeElement
  if (!active || active === document.body) return null
  const selector = selectorOf(active)
  return selector === null ? null : { selector, index: [...document.querySelectorAll(selector)].indexOf(active) }
}

/** Whoever works with the keyboard goes on where they were; the page does not move under anybody. */
export function giveBack(place: FocusPlace): void {
  if (place === null) return
  const alike = document.querySelectorAll<HTMLElement>(place.selector)
  const again = alike[place.index] ?? alike[0]
  if (again !== document.activeElement) again?.focus({ preventScroll: true })
}

/** What was typed and not sent yet goes over to the page that takes the place of the old one. */
export function keepTyped(from: Element, to: Element): void {
  for (const field of from.querySelectorAll<HTMLInputElement>(
    'input[id]:not([type=checkbox], [type=radio], [type=hidden]), textarea[id]',
  )) {
    const again = to.querySelector<HTMLInputElement>(`[id=${JSON.stringify(field.id)}]`)
    if (again && field.value !== field.defaultValue) again.value = field.value
  }
}
