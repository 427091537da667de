import { pageText } from './language.ts'

const ANSWER_LIMIT_MS = 8_000

/**
 * `form[data-online]`: before the browser leaves the page, the server is asked for a sign of life. Without one the form stays, with what was
 * typed and a message, instead of the browser's own error page.
 */
export function mountOnline(): void {
  document.addEventListener(
    'submit',
    (event) => {
      const form = event.target
      if (!(form instanceof HTMLFormElement) || !form.hasAttribute('data-online')) return
      if (form.dataset['online'] === 'sure') {
        form.dataset['online'] = ''
        return
      }
      event.preventDefault()
      // What waits for a form that leaves must not see one that stays.
      event.stopImmediatePropagation()
      void sendIfOnline(form, event.submitter)
    },
    true,
  )
}

async function sendIfOnline(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  if (form.dataset['online'] === 'asking') return
  form.dataset['online'] = 'asking'
  form.querySelector('[data-offline]')?.remove()
  if (await isOnline()) {
    form.dataset['online'] = 'sure'
    form.requestSubmit(submitter)
    return
  }
  form.dataset['online'] = ''
  const message = document.createElement('p')
  message.className = 'field-error'
  message.dataset['offline'] = ''
  message.setAttribute('role', 'alert')
  form.append(message)
  message.textContent = pageText().offline
}

/** Any answer will do: whether the server is well is its own business. */
export async function isOnline(): Promise<boolean> {
  try {
    await fetch('/healthz', { cache: 'no-store', signal: AbortSignal.timeout(ANSWER_LIMIT_MS) })
    return true
  } catch {
    return false
  }
}
