import { formatDate, wallTime } from '../../../kernel/zoned-time.ts'
import { MY_CLASSES } from '../../text.es.ts'
import type { ClassCard } from '../../ui/class-card.ts'
import { ClassCells, rowClass } from '../../ui/class-cells.tsx'
import { CalendarLink, CodeText, HostCancel, RescheduleLink } from '../../ui/class-parts.tsx'
import { Icon } from '../../ui/icons.tsx'
import { namesInWords } from '../../ui/people.ts'

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
    <tr class={rowClass(card, isNext)}>
      <ClassCells card={card} now={now} quietJoin={isNext} />
      <td data-label={MY_CLASSES.columns[6]}>
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
    <details class="row-menu" name="acciones">
      <summary aria-label={`Acciones de la clase del ${formatDate(card.startsAt)} a las ${wallTime(card.startsAt)}`}>
        <Icon name="dots" />
      </summary>
      <div class="row-menu-panel">
        {card.objective === null ? null : (
          <p class="row-objective">
            <span class="soft">Objetivo:</span> {card.objective}
          </p>
        )}
        {card.role === 'participante' ? (
          <p class="row-objective">
            <span class="soft">Te invitó</span> {card.hostName}
          </p>
        ) : card.guestNames.length > 0 ? (
          <p class="row-objective">
            <span class="soft">Con vos:</span> {namesInWords(card.guestNames)}
          </p>
        ) : null}
        {card.type === 'grupal' && card.accessCode !== null ? <p class="soft">{MY_CLASSES.codeHint}</p> : null}
        <CalendarLink id={card.id} />
        <RescheduleLink href={card.rescheduleHref} />
        <HostCancel card={card} refundHours={refundHours} />
      </div>
    </details>
  )
}
