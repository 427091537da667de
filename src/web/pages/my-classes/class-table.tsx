import { wallTime } from '../../../kernel/zoned-time.ts'
import type { ClassCard } from '../../ui/class-card.ts'
import { ClassCells, rowClass } from '../../ui/class-cells.tsx'
import { CalendarLink, CodeText, HostCancel, RescheduleLink } from '../../ui/class-parts.tsx'
import { Icon } from '../../ui/icons.tsx'
import { useDates, useLocale, useSharedText, useText } from '../../ui/language.ts'
import { namesInWords } from '../../ui/people.ts'
import { NoReschedule } from './no-reschedule.tsx'
import { ClassLink, PassLink } from './pass-link.tsx'
import { GuestList, LeaveClass, RotateCode } from './seats.tsx'
import * as en from './text.en.ts'
import * as es from './text.es.ts'

/**
 * The seven columns of the contract as a real table; the style sheet turns rows into small tickets where seven columns
 * do not fit. The next class is in it too, and phones leave that row to the ticket above.
 */
export function ClassTable(props: { classes: readonly ClassCard[]; nextId: string | null; now: Date; refundHours: number }) {
  const { BOOKING, MY_CLASSES } = useSharedText()
  const { PAGE } = useText({ es, en })
  const onlyNext = props.classes.length === 1 && props.classes[0]?.id === props.nextId
  return (
    <section aria-labelledby="todas" class={onlyNext ? 'only-next' : ''}>
      <h2 id="todas">{PAGE.yourClasses}</h2>
      <p class="soft">{BOOKING.zone}.</p>
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
  const { MY_CLASSES } = useSharedText()
  return (
    <tr class={rowClass(card, isNext)}>
      <ClassCells card={card} now={now} quietJoin={isNext} />
      <td data-label={MY_CLASSES.columns[6]}>
        <div class="code-cell">
          <Code card={card} />
          {card.status === 'scheduled' ? <RowActions card={card} isNext={isNext} refundHours={refundHours} /> : null}
        </div>
      </td>
    </tr>
  )
}

function Code({ card }: { card: ClassCard }) {
  const { CODE } = useText({ es, en })
  if (card.accessCode !== null) return <CodeText code={card.accessCode} copy={card.type === 'grupal'} />
  return <span class="soft">{card.role === 'participante' ? CODE.hostOnly : CODE.none}</span>
}

/** What stands in the ticket of the next class is not repeated in its row, except the way to each action. */
function RowActions({ card, isNext, refundHours }: { card: ClassCard; isNext: boolean; refundHours: number }) {
  const { MY_CLASSES } = useSharedText()
  const { ROW } = useText({ es, en })
  const dates = useDates()
  return (
    <details class="row-menu" name="acciones">
      <summary data-key={card.id} aria-label={ROW.actions(dates.date(card.startsAt), wallTime(card.startsAt))}>
        <Icon name="dots" />
      </summary>
      <div class="row-menu-panel">
        {card.objective === null ? null : (
          <p class="row-objective">
            <span class="soft">{ROW.objective}</span> {card.objective}
          </p>
        )}
        <RowPeople card={card} isNext={isNext} />
        {card.type === 'grupal' && card.accessCode !== null ? <p class="soft">{MY_CLASSES.codeHint}</p> : null}
        <ClassLink id={card.id} />
        <PassLink id={card.id} />
        <CalendarLink id={card.id} />
        <RescheduleLink href={card.rescheduleHref} />
        <NoReschedule card={card} />
        <RotateCode card={card} />
        <LeaveClass card={card} />
        <HostCancel card={card} refundHours={refundHours} />
      </div>
    </details>
  )
}

function RowPeople({ card, isNext }: { card: ClassCard; isNext: boolean }) {
  const { PEOPLE, ROW } = useText({ es, en })
  const locale = useLocale()
  if (card.role === 'participante')
    return (
      <p class="row-objective">
        <span class="soft">{ROW.invitedBy}</span> {card.hostName}
      </p>
    )
  if (card.guests.length === 0) return null
  if (!isNext) return <GuestList card={card} />
  return (
    <p class="row-objective">
      <span class="soft">{PEOPLE.title}:</span>{' '}
      {namesInWords(
        card.guests.map(({ name }) => name),
        locale,
      )}
    </p>
  )
}
