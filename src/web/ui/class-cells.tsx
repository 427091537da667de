import { formatDate, formatTimeRange } from '../../kernel/zoned-time.ts'
import { CLASS_ROLE, MY_CLASSES } from '../text.es.ts'
import { type ClassCard, typeWords } from './class-card.ts'
import { ActivityLabel, CancelReasonLabel, JoinControl } from './class-parts.tsx'
import { weekdayShort } from './dates.ts'
import { ClassStatusLabel } from './status.tsx'

const [DAY, TIME, TYPE, ROLE, STATUS, TASK] = MY_CLASSES.columns

/** The six columns that every list of classes shares; `data-label` names each value where the table is stacked. */
export function ClassCells({ card, now, quietJoin }: { card: ClassCard; now: Date; quietJoin?: boolean }) {
  return (
    <>
      <th scope="row" data-label={DAY}>
        <span class="weekday">{weekdayShort(card.startsAt)}</span> {formatDate(card.startsAt)}
      </th>
      <td data-label={TIME} class="when tabular">
        {formatTimeRange(card.startsAt, card.endsAt)}
      </td>
      <td data-label={TYPE} class="type" {...(card.type === 'grupal' ? { 'data-people': card.id, 'data-people-ratio': '' } : {})}>
        {typeWords(card)}
      </td>
      <td data-label={ROLE}>{CLASS_ROLE[card.role]}</td>
      <td data-label={STATUS}>
        <ClassStatusLabel status={card.status} />
        <CancelReasonLabel card={card} />
        <JoinControl card={card} now={now} look={quietJoin ? 'quiet' : 'small'} />
      </td>
      <td data-label={TASK}>
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
