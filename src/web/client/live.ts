import { isWithin } from '../../kernel/window.ts'
import { now } from './clock.ts'
import { every } from './every.ts'

/**
 * Things that come and go at an instant: `[data-live]` is hidden outside its bounds, `[data-join]` holds its link in a
 * `<template>` and shows it only inside, `[data-mark-from]` gets the marker pen from its instant on.
 */
export function mountLive(root: ParentNode, signal: AbortSignal): void {
  const parts = [...root.querySelectorAll<HTMLElement>('[data-live], [data-join], [data-mark-from]')]
  if (parts.length === 0) return
  every(1_000, signal, () => {
    for (const part of parts) update(part)
  })
}

function update(part: HTMLElement): void {
  const { from, until, markFrom } = part.dataset
  const inside = isWithin(now(), bound(from), bound(until))
  if (markFrom !== undefined) part.classList.toggle('marked', now() >= Date.parse(markFrom))
  else if (part.dataset['join'] === undefined) part.hidden = !inside
  else showLink(part, inside)
}

function showLink(holder: HTMLElement, open: boolean): void {
  const shown = holder.querySelector('a')
  const link = holder.querySelector('template')?.content.firstElementChild
  if (open && !shown && link) holder.append(link.cloneNode(true))
  if (!open) shown?.remove()
}

function bound(instant: string | undefined): number | null {
  return instant === undefined ? null : Date.parse(instant)
}
