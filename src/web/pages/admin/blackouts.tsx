import { addDays, formatDate, formatLongDate, formatTimeRange, instantAt, wallDate, wallTime } from '../../../kernel/zoned-time.ts'
import { Icon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { AdminClass } from './view.ts'

/** A time when nothing can be booked. */
export type Blackout = { id: string; from: Date; to: Date; note: string }

/** Classes that were booked already inside a time just closed, the first ones and how many there are. */
export type Conflicts = { classes: readonly Pick<AdminClass, 'id' | 'startsAt' | 'endsAt' | 'hostName'>[]; total: number }

/**
 * As typed: `from` and `to` are "YYYY-MM-DDTHH:mm" on a wall in Argentina, or ""; with `allDay` it is `day` that counts, "YYYY-MM-DD".
 * `wrong`: the fields that the error is about.
 */
export type BlackoutForm = {
  allDay: boolean
  day: string
  from: string
  to: string
  note: string
  error: string | null
  wrong: readonly ('day' | 'from' | 'to')[]
}

/** The closed days and intervals: list, delete, add. `whose`: the query that says of which teacher; empty for the first one. */
export function Blackouts(props: { blackouts: readonly Blackout[]; form: BlackoutForm; conflicts: Conflicts; whose: string }) {
  return (
    <section aria-labelledby="bloqueos" class="blackouts">
      <h2 id="bloqueos">Días y horas sin clases</h2>
      {props.conflicts.total === 0 ? null : <ConflictsNotice conflicts={props.conflicts} />}
      {props.blackouts.length === 0 ? (
        <p class="soft">No hay bloqueos. Agregá feriados, viajes o un rato del día.</p>
      ) : (
        <ul class="blackout-list">
          {props.blackouts.map((blackout) => (
            <li>
              <span>
                <span class="tabular">{rangeWords(blackout)}</span>
                {blackout.note === '' ? null : <span class="reason soft">{blackout.note}</span>}
              </span>
              <form method="post" action={`/admin/bloqueos/${encodeURIComponent(blackout.id)}/borrar${props.whose}`} data-once>
                <button type="submit" class="btn btn-quiet">
                  <Icon name="trash" />
                  Borrar<span class="sr-only"> el bloqueo del {rangeWords(blackout)}</span>
                </button>
              </form>
            </li>
          ))}
        </ul>
      )}
      <form class="panel blackout-form" method="post" action={`/admin/bloqueos${props.whose}`} data-once>
        <h3>Agregar un bloqueo</h3>
        {props.form.error === null ? null : (
          <Notice kind="error">
            <span id={ERROR_ID}>{props.form.error}</span>
          </Notice>
        )}
        <label class="check">
          <input type="checkbox" name="allDay" value="1" checked={props.form.allDay} />
          Todo el día
        </label>
        <div class="blackout-fields">
          <div class="field blackout-day">
            <label for="bloqueo-dia">Día</label>
            <input class="input" type="date" id="bloqueo-dia" name="day" value={props.form.day} {...marks(props.form, 'day')} />
          </div>
          <div class="field blackout-edge">
            <label for="bloqueo-desde">Desde</label>
            <input
              class="input"
              type="datetime-local"
              id="bloqueo-desde"
              name="from"
              value={props.form.from}
              {...marks(props.form, 'from')}
            />
          </div>
          <div class="field blackout-edge">
            <label for="bloqueo-hasta">Hasta</label>
            <input class="input" type="datetime-local" id="bloqueo-hasta" name="to" value={props.form.to} {...marks(props.form, 'to')} />
          </div>
          <div class="field">
            <label for="bloqueo-nota">
              Nota <span class="soft">(solo la ves vos)</span>
            </label>
            <input class="input" id="bloqueo-nota" name="note" value={props.form.note} maxlength={100} />
          </div>
          <button type="submit" class="btn btn-primary">
            <Icon name="plus" />
            Agregar
          </button>
        </div>
      </form>
    </section>
  )
}

const ERROR_ID = 'bloqueo-error'

function marks(form: BlackoutForm, name: BlackoutForm['wrong'][number]) {
  return form.wrong.includes(name) ? ({ 'aria-invalid': 'true', 'aria-describedby': ERROR_ID } as const) : {}
}

function ConflictsNotice({ conflicts }: { conflicts: Conflicts }) {
  const more = conflicts.total - conflicts.classes.length
  return (
    <Notice kind="info">
      <p>
        <strong>Quedó guardado.</strong> Estas clases ya estaban reservadas adentro y no se cancelan solas:
      </p>
      <ul class="conflicts">
        {conflicts.classes.map((each) => (
          <li>
            {formatLongDate(each.startsAt)}, {formatTimeRange(each.startsAt, each.endsAt)}, con {each.hostName}
          </li>
        ))}
        {more > 0 ? <li>y {more} más</li> : null}
      </ul>
    </Notice>
  )
}

/** "25/12/2026, todo el día", "24/12/2026, 14:00 a 21:00 hs" or "24/12/2026 14:00 a 26/12/2026 09:00". */
function rangeWords({ from, to }: Blackout): string {
  const isDay = wallTime(from) === '00:00' && to.getTime() === instantAt(addDays(wallDate(from), 1), '00:00').getTime()
  if (isDay) return `${formatDate(from)}, todo el día`
  if (formatDate(from) === formatDate(to)) return `${formatDate(from)}, ${formatTimeRange(from, to)}`
  return `${formatDate(from)} ${wallTime(from)} a ${formatDate(to)} ${wallTime(to)}`
}
