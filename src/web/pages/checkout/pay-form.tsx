import { wallTime } from '../../../kernel/zoned-time.ts'
import { Countdown } from '../../ui/countdown.tsx'
import { useDates, useLocale, useSharedText, useText } from '../../ui/language.ts'
import { type OpenBookingView, ReleaseHold } from '../../ui/open-bookings.tsx'
import { peopleWords } from '../../ui/people.ts'
import { TeacherField } from '../booking/teacher-choice.tsx'
import { checkHref } from '../booking/view.ts'
import * as en from './text.en.ts'
import * as es from './text.es.ts'
import { type CheckView, draftOf, type Selection } from './view.ts'

/** The one button, what else it does, and how long the slot is kept. */
export function PayForm({ view, selection, now }: { view: CheckView; selection: Selection; now: Date }) {
  const { CHECKOUT } = useSharedText()
  const t = useText({ es, en }).CHECK
  return (
    <>
      <form method="post" action="/inicio/pre-compra" class="pay-form" data-once data-online>
        <input type="hidden" name="start" value={selection.start.toISOString()} />
        <input type="hidden" name="end" value={selection.end.toISOString()} />
        <input type="hidden" name="type" value={selection.type} />
        <input type="hidden" name="n" value={String(selection.people)} />
        <input type="hidden" name="text" value={selection.text} />
        <TeacherField teacher={selection.teacher?.id} />
        <input type="hidden" name="key" value={view.key} />
        <Replaced view={view} now={now} />
        <button type="submit" class="btn btn-pay">
          {CHECKOUT.pay}
        </button>
      </form>
      {view.hold ? (
        <div class="hold">
          <p>
            {t.held}{' '}
            <b>
              <Countdown until={view.hold.expiresAt} now={now} digits over="00:00" refresh />
            </b>{' '}
            {t.minutes}
          </p>
          <ReleaseHold classId={view.hold.classId} back={checkHref(draftOf(selection))} />
        </div>
      ) : (
        <p class="soft">{t.willHold(view.holdMinutes)}</p>
      )}
    </>
  )
}

/**
 * Other slots that this visitor keeps without having paid: each stays kept unless its box is ticked. Only where no more can be kept, the one
 * that ends first is ticked to begin with.
 */
function Replaced({ view, now }: { view: CheckView; now: Date }) {
  const { CLASS_TYPE } = useSharedText()
  const t = useText({ es, en }).CHECK
  const { longDate } = useDates()
  const locale = useLocale()
  const first = view.isFull ? soonestEnd(view.others) : null
  return (
    <>
      {view.isFull ? <p class="replaced">{t.full(view.others.length)}</p> : null}
      {view.replaces ? (
        <p class="replaced">
          <input type="hidden" name="replace" value={view.replaces.classId} />
          {t.replaces} {CLASS_TYPE[view.replaces.type]}, {peopleWords(view.replaces.people, locale)}
          {view.replaces.text === '' ? '' : t.topicOf(view.replaces.text)}.
        </p>
      ) : null}
      {view.others.map((other) => (
        <label class="replaced">
          <input type="checkbox" name="replace" value={other.classId} checked={other === first} />
          <span>
            {t.alsoHeld(longDate(other.start), wallTime(other.start))}
            {other.expiresAt === null ? null : (
              <>
                {' ('}
                <Countdown until={other.expiresAt} now={now} digits over="00:00" />)
              </>
            )}
            . <b>{t.release}</b>
            {t.whenPaying}
          </span>
        </label>
      ))}
    </>
  )
}

function soonestEnd(holds: readonly OpenBookingView[]): OpenBookingView | null {
  const endOf = ({ expiresAt }: OpenBookingView) => expiresAt?.getTime() ?? Number.POSITIVE_INFINITY
  return [...holds].sort((a, b) => endOf(a) - endOf(b))[0] ?? null
}
