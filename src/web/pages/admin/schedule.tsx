import type { NamedTeacher } from '../../../features/academy/queries.ts'
import type { WallDate, WallTime } from '../../../kernel/zoned-time.ts'
import type { Chrome } from '../../ui/chrome.ts'
import { capitalize, noonOf, weekdayName } from '../../ui/dates.ts'
import { Notice } from '../../ui/notice.tsx'
import { AdminDocument } from './admin-document.tsx'
import { type Blackout, type BlackoutForm, Blackouts, type Conflicts } from './blackouts.tsx'
import { TeacherTabs } from './teacher-tabs.tsx'

/** Texts of one interval as typed: "09:00", or "" for an empty field. */
export type IntervalFields = { from: WallTime | ''; to: WallTime | '' }

/**
 * The opening hours as typed, so that a refused form keeps everything. `days[0]` is Monday. Field names of the form:
 * `from_1`, `to_1` (Monday) … `from_7`, `to_7` (Sunday), each repeated once per interval; pairs go by position, and a
 * pair of two empty fields is no interval. Then `slotMinutes`, `minNoticeMinutes`, `horizonDays`.
 */
export type ScheduleForm = {
  days: readonly (readonly IntervalFields[])[]
  slotMinutes: string
  minNoticeMinutes: string
  horizonDays: string
}

/** Which field a refused form is wrong in: a number by its name, or a day (1 = Monday) and the place of its interval. */
export type MarkedField = { name: string } | { weekday: number; row: number }

/** View of `/admin/horarios`. */
export type ScheduleView = {
  form: ScheduleForm
  error: string | null
  /** What the error is about; null when it is no single field. */
  marked: MarkedField | null
  blackouts: readonly Blackout[]
  blackoutForm: BlackoutForm
  /** Classes that fall inside the blackout just added; they stay as they are. */
  conflicts: Conflicts
  /** Whom to choose from, and whose hours these are; nobody while there is one teacher. */
  teachers?: readonly NamedTeacher[]
  teacherId?: string
}

/** A Monday, to name the days of the week from. */
const SOME_MONDAY: WallDate = '2026-11-23'

export function SchedulePage({ chrome, teachers = [], ...view }: ScheduleView & { chrome: Chrome }) {
  const whose = teachers.length === 0 ? '' : `?profe=${view.teacherId}`
  return (
    <AdminDocument chrome={chrome} title="Horarios">
      <header>
        <h1>Horarios</h1>
        <p class="soft measure">Cambiar los horarios no toca las clases ya reservadas. Todo está en horario de Argentina.</p>
      </header>
      <TeacherTabs path="/admin/horarios" teachers={teachers} chosen={view.teacherId ?? ''} />
      <form class="schedule" method="post" action={`/admin/horarios${whose}`} data-once>
        {view.error === null ? null : (
          <Notice kind="error">
            <span id={ERROR_ID}>{view.error}</span>
          </Notice>
        )}
        <section aria-labelledby="semanal">
          <h2 id="semanal">Atención semanal</h2>
          <p class="soft">Dejá un día vacío para cerrarlo. Siempre hay una fila libre para sumar otro intervalo.</p>
          {Array.from({ length: 7 }, (_, index) => (
            <Weekday weekday={index + 1} intervals={view.form.days[index] ?? []} marked={view.marked} />
          ))}
        </section>
        <section aria-labelledby="reglas" class="schedule-rules">
          <h2 id="reglas">Reglas para reservar</h2>
          <div class="schedule-numbers">
            <NumberField
              name="slotMinutes"
              label="Duración del turno"
              unit={teachers.length === 0 ? 'minutos' : 'minutos, la misma para todos los profesores'}
              value={view.form.slotMinutes}
              min={15}
              max={240}
              marked={view.marked}
            />
            <NumberField
              name="minNoticeMinutes"
              label="Anticipación mínima"
              unit="minutos"
              value={view.form.minNoticeMinutes}
              min={0}
              max={10_080}
              marked={view.marked}
            />
            <NumberField
              name="horizonDays"
              label="Hasta cuándo se puede reservar"
              unit="días"
              value={view.form.horizonDays}
              min={1}
              max={365}
              marked={view.marked}
            />
          </div>
        </section>
        <p>
          <button type="submit" class="btn btn-primary">
            Guardar horarios
          </button>
        </p>
      </form>
      <Blackouts blackouts={view.blackouts} form={view.blackoutForm} conflicts={view.conflicts} whose={whose} />
    </AdminDocument>
  )
}

function Weekday({ weekday, intervals, marked }: { weekday: number; intervals: readonly IntervalFields[]; marked: MarkedField | null }) {
  const wrong = marked && 'weekday' in marked && marked.weekday === weekday ? marked.row : -1
  const name = weekdayWord(weekday)
  const rows: readonly IntervalFields[] = [...intervals, { from: '', to: '' }]
  return (
    <fieldset class="opening-day">
      <legend>{capitalize(name)}</legend>
      <div class="intervals">
        {rows.map((row, index) => (
          <div class="interval">
            <TimeField
              name={`from_${weekday}`}
              label={`${capitalize(name)}, intervalo ${index + 1}, desde`}
              value={row.from}
              wrong={index === wrong}
            />
            <span aria-hidden="true">a</span>
            <TimeField
              name={`to_${weekday}`}
              label={`${capitalize(name)}, intervalo ${index + 1}, hasta`}
              value={row.to}
              wrong={index === wrong}
            />
          </div>
        ))}
      </div>
    </fieldset>
  )
}

/** "lunes" for 1. */
export function weekdayWord(weekday: number): string {
  return weekdayName(new Date(noonOf(SOME_MONDAY).getTime() + (weekday - 1) * 86_400_000))
}

const ERROR_ID = 'horarios-error'
const WRONG = { 'aria-invalid': 'true', 'aria-describedby': ERROR_ID } as const

function TimeField({ name, label, value, wrong }: { name: string; label: string; value: string; wrong: boolean }) {
  return <input class="input" type="time" name={name} value={value} aria-label={label} {...(wrong ? WRONG : {})} />
}

function NumberField(props: {
  name: string
  label: string
  unit: string
  value: string
  min: number
  max: number
  marked: MarkedField | null
}) {
  return (
    <div class="field">
      <label for={props.name}>
        {props.label} <span class="soft">({props.unit})</span>
      </label>
      <input
        class="input"
        type="number"
        inputmode="numeric"
        id={props.name}
        name={props.name}
        value={props.value}
        min={props.min}
        max={props.max}
        required
        {...(props.marked && 'name' in props.marked && props.marked.name === props.name ? WRONG : {})}
      />
    </div>
  )
}
