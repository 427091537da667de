import { wallTime } from '../../kernel/zoned-time.ts'
import { type Activity, type ClassCard, joinIsOpen } from './class-card.ts'
import { Confirm } from './confirm.tsx'
import { Icon } from './icons.tsx'
import { useDates, useSharedText, useText } from './language.ts'
import { Status } from './status.tsx'
import * as en from './text.en.ts'
import * as es from './text.es.ts'

const JOIN_LOOK = {
  large: 'btn btn-primary btn-large',
  small: 'btn btn-primary btn-small',
  /** Where the large one is on the same page. */
  quiet: 'btn btn-quiet btn-small',
} as const

/**
 * The join control. Outside its window it exists only inside a `<template>`: the browser puts it on the page and takes
 * it off again at the two instants, so nothing has to be reloaded and nothing unusable is ever reachable.
 */
export function JoinControl({ card, now, look }: { card: ClassCard; now: Date; look?: keyof typeof JOIN_LOOK }) {
  const { MY_CLASSES } = useSharedText()
  if (card.status !== 'scheduled') return null
  const link = (
    <a class={JOIN_LOOK[look ?? 'small']} href={joinHref(card.id)} target="_blank" rel="noopener">
      <Icon name="camera" />
      {MY_CLASSES.join}
    </a>
  )
  return (
    <span class="join" data-join data-from={card.joinFrom.toISOString()} data-until={card.joinUntil.toISOString()}>
      <template>{link}</template>
      {joinIsOpen(card, now) ? link : null}
    </span>
  )
}

/** The code as eight boxes. With `copy`, the browser turns it into a button that copies on tap. */
export function CodeBoxes({ code, copy }: { code: string; copy: boolean }) {
  return (
    <code class="code-boxes" {...(copy ? { 'data-copy': code } : {})}>
      {Array.from(code).map((character) => (
        <span>{character}</span>
      ))}
    </code>
  )
}

/** The code in a table cell. */
export function CodeText({ code, copy }: { code: string; copy: boolean }) {
  return (
    <code class="code-text" {...(copy ? { 'data-copy': code } : {})}>
      {code}
      {copy ? <Icon name="copy" /> : null}
    </code>
  )
}

export function ActivityLabel({ activity }: { activity: Activity }) {
  const text = useText({ es, en }).PARTS.activity[activity.state]
  switch (activity.state) {
    case 'none':
      return <span class="soft">{text}</span>
    case 'pending':
      return <Status tone="quiet" icon="clock" text={text} />
    case 'available':
      return activity.href === null ? <Status tone="good" icon="pen" text={text} /> : <a href={activity.href}>{text}</a>
    case 'done':
      return <Status tone="good" icon="check-circle" text={text} />
  }
}

export function CancelReasonLabel({ card }: { card: ClassCard }) {
  const { CANCEL_REASON, OPEN_BOOKING } = useSharedText()
  if (card.status !== 'cancelled' || card.cancelReason === null) return null
  return <span class="reason soft">{card.cancelNote ? OPEN_BOOKING[card.cancelNote] : CANCEL_REASON[card.cancelReason]}</span>
}

export function CalendarLink({ id }: { id: string }) {
  const { MY_CLASSES } = useSharedText()
  return (
    <a class="action-link" href={`/api/classes/${encodeURIComponent(id)}/calendar.ics`}>
      <Icon name="calendar-plus" />
      {MY_CLASSES.addToCalendar}
    </a>
  )
}

/** The way to the page that moves a class; nothing once it cannot be moved. */
export function RescheduleLink({ href }: { href: string | null }) {
  const { MY_CLASSES } = useSharedText()
  if (href === null) return null
  return (
    <a class="action-link" href={href}>
      <Icon name="refresh" />
      {MY_CLASSES.reschedule}
    </a>
  )
}

/** Cancelling takes two steps: open it, read what comes back, confirm. */
export function CancelClass(props: { startsAt: Date; action: string; policy: string; consequence: string; withRefund?: boolean }) {
  const dates = useDates()
  const { MY_CLASSES } = useSharedText()
  const words = useText({ es, en }).PARTS.cancel
  return (
    <Confirm
      label={MY_CLASSES.cancel}
      action={props.action}
      question={words.question(dates.date(props.startsAt), wallTime(props.startsAt))}
      yes={words.yes}
      fields={props.withRefund ? <input type="hidden" name="reembolso" value="full" /> : null}
    >
      <p>{props.policy}</p>
      <p class="soft">{props.consequence}</p>
    </Confirm>
  )
}

/** The host's own cancellation: which refund applies, and what else happens. Nothing once it cannot be cancelled. */
export function HostCancel({ card, refundHours }: { card: ClassCard; refundHours: number }) {
  const { MY_CLASSES } = useSharedText()
  const { consequence } = useText({ es, en }).PARTS.cancel
  if (card.cancel === null) return null
  return (
    <CancelClass
      startsAt={card.startsAt}
      action={`/inicio/clases/${encodeURIComponent(card.id)}/cancelar`}
      policy={card.cancel === 'full' ? MY_CLASSES.refund.full : MY_CLASSES.refund.none(refundHours)}
      consequence={consequence}
      withRefund={card.cancel === 'full'}
    />
  )
}

function joinHref(id: string): string {
  return `/api/classes/${encodeURIComponent(id)}/join`
}
