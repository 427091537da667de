import { BOOKING } from '../text.es.ts'
import { localTime } from '../ui/local-time.ts'
import { mountArrows } from './arrows.ts'
import { every } from './every.ts'
import { readerZone } from './local-time.ts'
import { missingChoice, nearestFree, type SlotState } from './slots.ts'

const REFRESH_MS = 30_000

/** The booking form: mirrors the choice, keeps it while changing days and weeks, and notices slots that get taken. */
export function mountBooking(root: ParentNode, signal: AbortSignal): void {
  const form = root.querySelector<HTMLFormElement>('[data-booking]')
  if (!form) return
  const show = () => showChoice(form)
  form.addEventListener('change', show, { signal })
  form.addEventListener('input', show, { signal })
  addEventListener('pageshow', show, { signal })
  form.addEventListener('click', (event) => followLink(form, event), { signal })
  mountArrows(form, signal)
  show()
  every(REFRESH_MS, signal, async () => {
    const slots = await loadSlots(form, signal)
    if (slots) applySlots(form, slots)
  })
}

function showChoice(form: HTMLFormElement): void {
  const data = new FormData(form)
  const chosen = chosenSlot(form)
  write(form, 'date', chosen?.dataset['date'] ?? 'Elegí un horario')
  write(form, 'range', chosen?.dataset['range'] ?? '—')
  write(form, 'short', chosen?.dataset['short'] ?? null)
  const local = chosen ? localTime(new Date(chosen.value), readerZone()) : null
  write(form, 'local', local === null ? null : `Tu hora: ${local}`)
  const counter = form.querySelector('[data-count-of]')
  if (counter) counter.textContent = String(Array.from(String(data.get('text') ?? '')).length)

  const missing = missingChoice({ start: chosen?.value ?? null, type: String(data.get('type')), people: data.get('n') as string | null })
  const submit = form.querySelector<HTMLButtonElement>('[data-submit]')
  if (submit) submit.disabled = missing !== null
  const hint = form.querySelector<HTMLElement>('[data-missing]')
  if (hint) {
    hint.textContent = missing
    hint.hidden = missing === null
  }
}

function write(form: HTMLElement, name: string, text: string | null): void {
  const out = form.querySelector<HTMLElement>(`[data-out=${name}]`)
  if (!out) return
  out.textContent = text
  out.hidden = text === null
}

function chosenSlot(form: HTMLElement): HTMLInputElement | null {
  return form.querySelector<HTMLInputElement>('input[name=start]:checked')
}

/** A day of the strip is shown in place; a link to another week takes along what was chosen besides the slot. */
function followLink(form: HTMLFormElement, event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[data-keep-draft]') : null
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
  const { day } = link.dataset
  if (day !== undefined) {
    event.preventDefault()
    showDay(form, day)
    return
  }
  const data = new FormData(form)
  const to = new URL(link.href)
  for (const name of ['type', 'n', 'text']) {
    const value = data.get(name)
    if (typeof value === 'string' && value !== '') to.searchParams.set(name, value)
  }
  link.href = to.href
}

function showDay(form: HTMLElement, day: string): void {
  for (const cell of form.querySelectorAll<HTMLElement>('td[data-day]')) cell.classList.toggle('is-shown', cell.dataset['day'] === day)
  for (const link of form.querySelectorAll<HTMLElement>('a[data-day]')) {
    if (link.dataset['day'] === day) link.setAttribute('aria-current', 'date')
    else link.removeAttribute('aria-current')
  }
}

async function loadSlots(form: HTMLElement, signal: AbortSignal): Promise<SlotState[] | null> {
  const { from, to } = form.dataset
  try {
    const response = await fetch(`/api/availability?from=${from}&to=${to}`, { signal })
    return response.ok ? ((await response.json()) as { slots: SlotState[] }).slots : null
  } catch {
    return null
  }
}

/** Marks what got taken meanwhile. If it was the chosen slot, says so and offers the nearest ones. */
function applySlots(form: HTMLFormElement, slots: readonly SlotState[]): void {
  const states = new Map(slots.map((slot) => [Date.parse(slot.start), slot.state]))
  for (const input of form.querySelectorAll<HTMLInputElement>('input[name=start]')) {
    const state = states.get(Date.parse(input.value))
    // What is held for the visitor counts as taken for everybody else only.
    if (state === undefined || state === 'free' || input.disabled || input.dataset['own'] !== undefined) continue
    const lost = input.checked
    input.checked = false
    input.disabled = true
    markTaken(input)
    if (lost) offerNearest(form, slots, input.value)
  }
  showChoice(form)
}

function markTaken(input: HTMLInputElement): void {
  const slot = input.closest('.slot')
  const word = document.createElement('span')
  word.className = 'slot-word'
  word.textContent = BOOKING.taken
  slot?.querySelectorAll('.sr-only, .slot-local').forEach((part) => {
    part.remove()
  })
  slot?.classList.replace('slot-free', 'slot-taken')
  slot?.append(word)
}

function offerNearest(form: HTMLFormElement, slots: readonly SlotState[], lost: string): void {
  form.querySelector('[data-lost]')?.remove()
  const box = document.createElement('div')
  box.className = 'notice notice-error notice-plain'
  box.dataset['lost'] = ''
  box.setAttribute('role', 'alert')
  const text = document.createElement('strong')
  text.textContent = BOOKING.slotTaken
  box.append(text)
  const known = slots.map((slot) => ({ ...slot, start: new Date(slot.start).toISOString() }))
  for (const start of nearestFree(known, lost)) {
    const input = form.querySelector<HTMLInputElement>(`input[name=start][value="${start}"]`)
    if (input) box.append(choiceButton(form, input, box))
  }
  form.prepend(box)
  box.scrollIntoView({ block: 'nearest' })
}

function choiceButton(form: HTMLFormElement, input: HTMLInputElement, box: HTMLElement): HTMLElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'btn btn-quiet'
  button.textContent = input.dataset['short'] ?? ''
  button.addEventListener('click', () => {
    input.checked = true
    showDay(form, input.closest('td')?.dataset['day'] ?? '')
    box.remove()
    input.focus()
    showChoice(form)
  })
  return button
}
