/** What an address tells about what was done right before, or asks to be done once: true once, not for ever. */
const SAID = ['cancelada', 'reprogramada', 'lugar', 'codigo', 'salio', 'liberado', 'invitacion', 'ok']

/** The address without what its notice has told, for a reload and for the next time the page is written. */
export function withoutSaid(address: string): string {
  const url = new URL(address)
  for (const name of SAID) url.searchParams.delete(name)
  return url.href
}

/** A notice that was shown is not shown again: what led to it leaves the address. */
export function mountSaid(root: ParentNode): void {
  if (root.querySelector('main > .notice')) forgetSaid()
}

export function forgetSaid(): void {
  const address = withoutSaid(location.href)
  if (address !== location.href) history.replaceState(history.state, '', address)
}
