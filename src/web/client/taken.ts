import { pageText } from './language.ts'
import { nearestFree, type SlotState } from './slots.ts'

type Choose = (form: HTMLFormElement, input: HTMLInputElement) => void

/** Marks what got taken meanwhile and what is free again. If the chosen slot went, says so and offers the nearest ones. */
export function applySlots(form: HTMLFormElement, slots: readonly SlotState[], choose: Choose): void {
  const states = new Map(slots.map((slot) => [Date.parse(slot.start), slot.state]))
  for (const input of form.querySelectorAll<HTMLInputElement>('input[name=start]')) {
    const state = states.get(Date.parse(input.value))
    // What is held for the visitor counts as taken for everybody else only.
    if (state === undefined || input.dataset['own'] !== undefined || input.disabled === (state !== 'free')) continue
    const lost = input.checked && state !== 'free'
    if (lost) input.checked = false
    input.disabled = state !== 'free'
    showTaken(input)
    if (lost) offerNearest(form, slots, input.value, choose)
  }
}

/** The words of a free slot step back for "RESERVADO", and come again. */
function showTaken(input: HTMLInputElement): void {
  const slot = input.closest<HTMLElement>('.slot')
  if (!slot) return
  slot.classList.toggle('slot-free', !input.disabled)
  slot.classList.toggle('slot-taken', input.disabled)
  for (const part of slot.querySelectorAll<HTMLElement>('.sr-only')) part.hidden = input.disabled
  slot.querySelector('.slot-word')?.remove()
  if (!input.disabled) return
  const word = document.createElement('span')
  word.className = 'slot-word'
  word.textContent = pageText().taken
  slot.append(word)
}

function offerNearest(form: HTMLFormElement, slots: readonly SlotState[], lost: string, choose: Choose): void {
  form.querySelector('[data-lost]')?.remove()
  const t = pageText()
  const box = document.createElement('div')
  box.className = 'notice notice-error notice-plain'
  box.dataset['lost'] = ''
  box.setAttribute('role', 'alert')
  const text = document.createElement('strong')
  const known = slots.map((slot) => ({ ...slot, start: new Date(slot.start).toISOString() }))
  const inputs = nearestFree(known, lost).flatMap((start) => [
    ...form.querySelectorAll<HTMLInputElement>(`input[name=start][value="${start}"]:enabled`),
  ])
  text.textContent = inputs.length === 0 ? `${t.slotTaken}.` : `${t.slotTaken}. ${t.nearest}`
  box.append(text, ...inputs.map((input) => choiceButton(form, input, box, choose)))
  // Nothing left here: the way to the next free slot is above the week.
  const next = inputs.length === 0 ? form.querySelector('.week-facts a') : null
  if (next) box.append(next.cloneNode(true))
  form.prepend(box)
  box.scrollIntoView({ block: 'nearest' })
}

function choiceButton(form: HTMLFormElement, input: HTMLInputElement, box: HTMLElement, choose: Choose): HTMLElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'btn btn-quiet'
  button.textContent = input.dataset['short'] ?? ''
  button.addEventListener('click', () => {
    box.remove()
    choose(form, input)
  })
  return button
}
