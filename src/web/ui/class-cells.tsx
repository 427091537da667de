import { type ClassCard, typeWords } from './class-card.ts'
import { ActivityLabel, CancelReasonLabel, JoinControl } from './class-parts.tsx'
import { useDates, useLocale, useSharedText } from './language.ts'
import { ClassStatusLabel } from './status.tsx'
import { LocalTime } from './zone.tsx'

/** The six columns that every list of classes shares; `data-label` names each value where the table is stacked. */
export function ClassCells({ card, now, quietJoin }: { card: ClassCard; now: Date; quietJoin?: boolean }) {
  const locale = useLocale()
  const dates = useDates()
  const { CLASS_ROLE, MY_CLASSES } = useSharedText()
  const [day, time, type, role, status, task] = MY_CLASSES.columns
  return (
    <>
      <th scope="row" data-label={day}>
        <span class="weekday">{dates.weekdayShort(card.startsAt)}</span> {dates.date(card.startsAt)}
      </th>
      <td data-label={time} class="when tabular">
        {dates.timeRange(card.startsAt, card.endsAt)}
        <LocalTime class="local-time soft" instant={card.startsAt} />
      </td>
      <td data-label={type} class="type" {...(card.type === 'grupal' ? { 'data-people': card.id, 'data-people-ratio': '' } : {})}>
        {typeWords(card, locale)}
      </td>
      <td data-label={role}>{CLASS_ROLE[card.role]}</td>
      <td data-label={status}>
        <ClassStatusLabel status={card.status} />
        <CancelReasonLabel card={card} />
        <JoinControl card={card} now={now} look={quietJoin ? 'quiet' : 'small'} />
      </td>
      <td data-label={task}>
        <ActivityLabel activity={card.activity} />
      </td>
    </>
  )
}

/** Classes of a row that change how it reads. */
export function rowClass(card: ClassCard, isNext = false): string {
  if (isNext) return 'is-next'
  return card.status === 'cancelled' ? 'is-cancelled' : ''
}
