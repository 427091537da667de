import { argentineWall } from '../ui/local-time.ts'
import { CODE_LENGTH, normalizeCode } from './code.ts'
import { fadeAfter } from './fade.ts'
import { pageText } from './language.ts'
import { refreshMain } from './refresh.ts'
import { forgetSaid } from './said.ts'

const ERROR_SHOWN_MS = 3_000

/** `POST /api/access-code`: the class on success, a text otherwise. */
type Answer = { error?: string; response?: { id?: string; message?: string } }

/** Redeems a code without leaving the page. The form works without this. */
export function mountCodeForm(root: ParentNode): void {
  const form = root.querySelector<HTMLFormElement>('[data-code-form]')
  const field = form?.querySelector<HTMLInputElement>('input[name=code]')
  const button = form?.querySelector('button')
  const error = form?.querySelector<HTMLElement>('[data-code-error]')
  const enter = form?.querySelector<HTMLElement>('[data-code-enter]')
  const when = form?.querySelector<HTMLElement>('[data-code-when]')
  if (!form || !field || !button || !error || !enter || !when) return

  const tidy = () => {
    const code = normalizeCode(field.value)
    if (field.value !== code) field.value = code
    button.disabled = code.length < CODE_LENGTH
  }
  field.addEventListener('input', tidy)
  tidy()
  const fade = fadeAfter(ERROR_SHOWN_MS, () => {
    error.textContent = ''
    field.removeAttribute('aria-invalid')
  })
  if (error.textContent !== '') fade()

  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    button.disabled = true
    enter.hidden = true
    when.textContent = ''
    form.setAttribute('aria-busy', 'true')
    const outcome = await redeem(field.value, JSON.parse(form.dataset['refusals'] ?? '{}') as Record<string, string>)
    form.removeAttribute('aria-busy')
    tidy()
    if ('error' in outcome) {
      error.textContent = outcome.error
      when.textContent = outcome.when
      field.setAttribute('aria-invalid', 'true')
      fade()
      return
    }
    field.value = ''
    tidy()
    open(outcome.href, field, enter)
  })
}

async function redeem(accessCode: string, words: Record<string, string>): Promise<{ href: string } | { error: string; when: string }> {
  try {
    const response = await fetch('/api/access-code', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ accessCode }),
    })
    const answer = (await response.json()) as Answer
    const id = answer.response?.id
    if (response.ok && id !== undefined) return { href: `/api/classes/${encodeURIComponent(id)}/join` }
    if (response.status === 401) return { error: pageText().signedOut, when: '' }
    // The API speaks Spanish; a page in another language brings its own words for each reason.
    const own = words[response.headers.get('refusal') ?? '']?.replace('{CODE}', normalizeCode(accessCode))
    return { error: own ?? answer.response?.message ?? pageText().joinFailed, when: whenIs(response.headers.get('class-start')) }
  } catch {
    return { error: pageText().offline, when: '' }
  }
}

/** When to come back, for whoever has the right code too early. It stays when the refusal has gone. */
function whenIs(start: string | null): string {
  if (start === null) return ''
  const { date, time } = argentineWall(new Date(start))
  return pageText().classIs(date, time)
}

/** Opens the class in a new tab and, in case the browser blocked it, leaves the link on the page. */
function open(href: string, field: HTMLElement, enter: HTMLElement): void {
  const link = enter.querySelector('a')
  if (link) link.href = href
  enter.hidden = false
  const tab = window.open(href, '_blank')
  if (tab) {
    tab.opener = null
    field.blur()
    forgetSaid()
    void refreshMain()
  } else link?.focus()
}
