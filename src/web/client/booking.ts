import { localTime } from '../ui/local-time.ts'
import { mountArrows } from './arrows.ts'
import { every } from './every.ts'
import { pageText } from './language.ts'
import { readerZone } from './local-time.ts'
import { addressOf, missingChoice, type SlotState } from './slots.ts'
import { applySlots } from './taken.ts'

const REFRESH_MS = 30_000

/** The booking form: mirrors the choice, keeps it while changing days and weeks, and notices slots that get taken. */
export function mountBooking(root: ParentNode, signal: AbortSignal): void {
  const form = root.querySelector<HTMLFormElement>('[data-booking]')
  if (!form) return
  const show = () => showChoice(form)
  // A tap is answered with the next frame: a radio tells it as an input and as a change, and the address can wait until it is seen.
  const showSoon = merged(requestAnimationFrame, show)
  const keepSoon = merged(setTimeout, () => keepInAddress(form))
  form.addEventListener('change', keepSoon, { signal })
  form.addEventListener('change', showSoon, { signal })
  form.addEventListener('input', showSoon, { signal })
  addEventListener('pageshow', show, { signal })
  form.addEventListener('click', (event) => followLink(form, event), { signal })
  const jump = root.querySelector<HTMLFormElement>('[data-jump]')
  jump?.addEventListener('submit', () => takeAlong(form, jump), { signal })
  mountArrows(form, signal)
  show()
  every(REFRESH_MS, signal, async () => {
    const slots = await loadSlots(form, signal)
    if (!slots) return
    applySlots(form, slots, choose)
    show()
  })
}

/** However often it is asked for before its turn comes, the work is done once. */
function merged(turn: (work: () => void) => unknown, work: () => void): () => void {
  let isDue = false
  return () => {
    if (isDue) return
    isDue = true
    turn(() => {
      isDue = false
      work()
    })
  }
}

function showChoice(form: HTMLFormElement): void {
  const t = pageText()
  const data = new FormData(form)
  const chosen = form.querySelector<HTMLInputElement>('input[name=start]:checked')
  const { date, range, short } = chosen?.dataset ?? {}
  write(form, 'date', date ?? t.choose)
  write(form, 'range', range ?? '—')
  write(form, 'short', short ?? null)
  const local = chosen ? localTime(new Date(chosen.value), readerZone()) : null
  write(form, 'local', local === null ? null : t.yourTime(local))
  const counter = form.querySelector('[data-count-of]')
  if (counter) counter.textContent = String(Array.from(String(data.get('text') ?? '')).length)

  const missing = missingChoice({ start: chosen?.value ?? null, type: String(data.get('type')), people: data.get('n') as string | null })
  const submit = form.querySelector<HTMLButtonElement>('[data-submit]')
  if (submit) {
    submit.disabled = missing !== null
    if (submit.dataset['move'] !== undefined) submit.textContent = short === undefined ? t.move : t.moveTo(short)
  }
  const hint = form.querySelector<HTMLElement>('[data-missing]')
  if (hint) {
    hint.textContent = missing === null ? '' : missing === 'slot' ? t.missingSlot : t.missingPeople
    hint.hidden = missing === null
  }
}

function write(form: HTMLElement, name: string, text: string | null): void {
  const out = form.querySelector<HTMLElement>(`[data-out=${name}]`)
  if (!out) return
  out.textContent = text
  out.hidden = text === null
}

/** A reload, the browser's back button and a page that is written anew find what was chosen. */
function keepInAddress(form: HTMLFormElement): void {
  history.replaceState(history.state, '', addressOf(location.href, new FormData(form)))
}

/**
 * A day of the strip and a slot of this week are shown in place; a link to another week takes along what was chosen besides the slot.
 */
function followLink(form: HTMLFormElement, event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[data-keep-draft]') : null
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
  const { day, slot, objective } = link.dataset
  if (objective !== undefined) {
    event.preventDefault()
    writeObjective(form, objective)
    return
  }
  const input = slot === undefined ? null : form.querySelector<HTMLInputElement>(`input[name=start][value="${slot}"]:enabled`)
  if (day === undefined && !input) {
    const start = new URL(link.href).searchParams.get('start')
    const data = new FormData(form)
    if (start === null) data.delete('start')
    else data.set('start', start)
    link.href = addressOf(link.href, data)
    return
  }
  event.preventDefault()
  if (input) choose(form, input)
  else showDay(form, day ?? '')
}

/** An objective that was proposed, as if it had been typed. */
function writeObjective(form: HTMLFormElement, objective: string): void {
  const box = form.querySelector<HTMLTextAreaElement>('textarea[name=text]')
  if (!box) return
  box.value = objective
  box.dispatchEvent(new Event('change', { bubbles: true }))
}

/** The form that jumps to a date carries what was chosen by now, not what the page was opened with. */
function takeAlong(form: HTMLFormElement, jump: HTMLFormElement): void {
  for (const old of jump.querySelectorAll('input:not([name=profe])')) old.remove()
  const chosen = new URL(addressOf(jump.action, new FormData(form))).searchParams
  chosen.delete('start')
  for (const [name, value] of chosen) {
    const input = document.createElement('input')
    Object.assign(input, { type: 'hidden', name, value })
    jump.append(input)
  }
}

/** Chooses a slot of this page as if it had been clicked. */
function choose(form: HTMLFormElement, input: HTMLInputElement): void {
  input.checked = true
  showDay(form, input.closest('td')?.dataset['day'] ?? '')
  input.focus()
  input.dispatchEvent(new Event('change', { bubbles: true }))
}

function showDay(form: HTMLElement, day: string): void {
  for (const cell of form.querySelectorAll<HTMLElement>('td[data-day]')) cell.classList.toggle('is-shown', cell.dataset['day'] === day)
  for (const link of form.querySelectorAll<HTMLElement>('a[data-day]')) {
    if (link.dataset['day'] === day) link.setAttribute('aria-current', 'date')
    else link.removeAttribute('aria-current')
  }
}

async function loadSlots(form: HTMLElement, signal: AbortSignal): Promise<SlotState[] | null> {
  const { from, to, teacher } = form.dataset
  const whose = teacher === undefined ? '' : `&teacherId=${teacher}`
  try {
    const response = await fetch(`/api/availability?from=${from}&to=${to}${whose}`, { signal })
    return response.ok ? ((await response.json()) as { slots: SlotState[] }).slots : null
  } catch {
    return null
  }
}
