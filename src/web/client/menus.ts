/** The menus of the rows are plain `<details>`; here they also close with Escape and with a click elsewhere. Panels close with their own button. */
export function mountMenus(): void {
  document.addEventListener('click', (event) => {
    closePanel(event)
    for (const menu of openMenus()) if (!(event.target instanceof Node && menu.contains(event.target))) menu.open = false
  })
  document.addEventListener('toggle', showPanel, { capture: true })
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return
    for (const menu of openMenus()) {
      menu.open = false
      menu.querySelector('summary')?.focus()
    }
  })
}

/** A panel that opens under the bar of a phone comes into view. */
function showPanel(event: Event): void {
  const panel = event.target
  if (!(panel instanceof HTMLDetailsElement) || !panel.open || !panel.matches('.confirm, .row-menu')) return
  panel.querySelector('.confirm-panel, .row-menu-panel')?.scrollIntoView({ block: 'nearest' })
}

/** "No, volver" in an open `<details>`. */
function closePanel(event: MouseEvent): void {
  const panel = event.target instanceof Element ? event.target.closest('[data-close]')?.closest('details') : null
  if (!panel) return
  event.preventDefault()
  panel.open = false
  panel.querySelector('summary')?.focus()
}

function openMenus(): NodeListOf<HTMLDetailsElement> {
  return document.querySelectorAll<HTMLDetailsElement>('details.row-menu[open]')
}
