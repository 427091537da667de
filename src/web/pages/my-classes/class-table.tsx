import { formatDate, formatTimeRange, wallTime } from '../../../kernel/zoned-time.ts'
import { CLASS_ROLE, MY_CLASSES } from '../../text.es.ts'
import { type ClassCard, typeWords } from '../../ui/class-card.ts'
import { ActivityLabel, CalendarLink, CancelClass, CancelReasonLabel, CodeText, JoinControl } from '../../ui/class-parts.tsx'
import { weekdayShort } from '../../ui/dates.ts'
import { Icon } from '../../ui/icons.tsx'
import { ClassStatusLabel } from '../../ui/status.tsx'

const [DAY, TIME, TYPE, ROLE, STATUS, TASK, CODE] = MY_CLASSES.columns

/**
 * The seven columns of the contract as a real table; the style sheet turns rows into small tickets where seven columns
 * do not fit. The next class is in it too, and phones leave that row to the ticket above.
 */
export function ClassTable(props: { classes: readonly ClassCard[]; nextId: string | null; now: Date; refundHours: number }) {
  const onlyNext = props.classes.length === 1 && props.classes[0]?.id === props.nextId
  return (
    <section aria-labelledby="todas" class={onlyNext ? 'only-next' : ''}>
      <h2 id="todas">Tus clases</h2>
      <div class="table-panel">
        <table class="class-table">
          <thead>
            <tr>
              {MY_CLASSES.columns.map((column) => (
                <th scope="col">{column}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {props.classes.map((card) => (
              <Row card={card} isNext={card.id === props.nextId} now={props.now} refundHours={props.refundHours} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function Row({ card, isNext, now, refundHours }: { card: ClassCard; isNext: boolean; now: Date; refundHours: number }) {
  return (
    <tr class={isNext ? 'is-next' : card.status === 'cancelled' ? 'is-cancelled' : ''} data-class={card.id}>
      <th scope="row" data-label={DAY}>
        <span class="weekday">{weekdayShort(card.startsAt)}</span> {formatDate(card.startsAt)}
      </th>
      <td data-label={TIME} class="tabular">
        {formatTimeRange(card.startsAt, card.endsAt)}
      </td>
      <td data-label={TYPE} {...(card.type === 'grupal' ? { 'data-people': card.id, 'data-people-ratio': '' } : {})}>
        {typeWords(card)}
      </td>
      <td data-label={ROLE}>{CLASS_ROLE[card.role]}</td>
      <td data-label={STATUS}>
        <ClassStatusLabel status={card.status} />
        <CancelReasonLabel card={card} />
        <JoinControl card={card} now={now} />
      </td>
      <td data-label={TASK}>
        <ActivityLabel activity={card.activity} />
      </td>
      <td data-label={CODE}>
        <div class="code-cell">
          <Code card={card} />
          {card.status === 'scheduled' ? <RowActions card={card} refundHours={refundHours} /> : null}
        </div>
      </td>
    </tr>
  )
}

function Code({ card }: { card: ClassCard }) {
  if (card.accessCode !== null) return <CodeText code={card.accessCode} copy={card.type === 'grupal'} />
  return <span class="soft">{card.role === 'participante' ? 'Solo el anfitrión' : 'Sin código'}</span>
}

function RowActions({ card, refundHours }: { card: ClassCard; refundHours: number }) {
  return (
    <details class="row-menu">
      <summary aria-label={`Acciones de la clase del ${formatDate(card.startsAt)} a las ${wallTime(card.startsAt)}`}>
        <Icon name="dots" />
      </summary>
      <div class="row-menu-panel">
        {card.objective === null ? null : (
          <p class="row-objective">
            <span class="soft">Objetivo:</span> {card.objective}
          </p>
        )}
        {card.type === 'grupal' && card.accessCode !== null ? <p class="soft">{MY_CLASSES.codeHint}</p> : null}
        <CalendarLink id={card.id} />
        <CancelClass card={card} action={`/inicio/clases/${encodeURIComponent(card.id)}/cancelar`} refundHours={refundHours} consequence="El código deja de funcionar y el horario queda libre." />
      </div>
    </details>
  )
}
