/** A `form[data-once]` is sent once: its button stays disabled while the browser leaves, and wakes up on coming back. */
export function mountOnce(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target
    if (!(form instanceof HTMLFormElement) || !form.hasAttribute('data-once')) return
    // After this turn, so that the button still counts as the one that sent the form.
    setTimeout(() => setDisabled(form, true))
  })
  addEventListener('pageshow', (event) => {
    if (!event.persisted) return
    for (const form of document.querySelectorAll<HTMLFormElement>('form[data-once]')) setDisabled(form, false)
  })
}

function setDisabled(form: HTMLFormElement, disabled: boolean): void {
  for (const button of form.querySelectorAll<HTMLButtonElement>('button[type=submit]')) button.disabled = disabled
}
