let remount: () => void = () => {}

export function onMainReplaced(mount: () => void): void {
  remount = mount
}

/**
 * Fetches this page again and puts its `<main>` in place: the server stays the only one that writes pages. False, and
 * quiet, when the answer is not this page (signed out, offline): whoever asked tries again.
 */
export async function refreshMain(): Promise<boolean> {
  try {
    const response = await fetch(location.href, { headers: { accept: 'text/html' } })
    if (!response.ok || response.redirected) return false
    const next = new DOMParser().parseFromString(await response.text(), 'text/html')
    const main = next.querySelector('main')
    if (!main) return false
    document.title = next.title
    document.querySelector('main')?.replaceWith(main)
    document.querySelector('.ribbon')?.replaceWith(...next.querySelectorAll('.ribbon'))
    remount()
    return true
  } catch {
    return false
  }
}

/** True while replacing the page would take something out of the person's hands. */
export function isBusy(): boolean {
  const main = document.querySelector('main')
  const active = document.activeElement
  return main !== null && ((active !== main && main.contains(active)) || main.querySelector('details[open]') !== null)
}
