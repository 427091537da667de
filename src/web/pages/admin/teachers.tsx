import type { ListedTeacher, TeacherFault, TeacherFaults, TeacherForm } from '../../../features/academy/teachers.ts'
import type { Chrome } from '../../ui/chrome.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Status } from '../../ui/status.tsx'
import { AdminDocument } from './admin-document.tsx'
import { Box } from './fields.tsx'
import { GoogleStatus } from './google-card.tsx'

/** What was typed, and what is wrong with it. */
export type TypedTeacher = { form: TeacherForm; faults: TeacherFaults }

export type TeacherEntry = ListedTeacher & {
  mayChangeCalendar: boolean
  /** Whether bookings with them could begin. */
  mayTakeBookings: boolean
  /** Where this teacher connects their own calendar; null for the first one, who is the admin. */
  invitation: string | null
  /** A refused edit of this one, which keeps what was typed. */
  typed: TypedTeacher | null
}

/** View of `/admin/profesores`. */
export type TeachersView = {
  teachers: readonly TeacherEntry[]
  /** The form that takes on another one. */
  added: TypedTeacher
}

export function TeachersPage({ chrome, teachers, added }: TeachersView & { chrome: Chrome }) {
  return (
    <AdminDocument chrome={chrome} title="Profesores">
      <header>
        <h1>Profesores</h1>
        <p class="soft measure">
          Cada uno tiene sus horarios, sus días sin clases y su calendario. Los precios y la duración de la clase son los mismos para todos.
        </p>
      </header>
      {teachers.map((teacher) => (
        <TeacherPanel teacher={teacher} alone={teachers.length === 1} />
      ))}
      <section aria-labelledby="sumar">
        <h2 id="sumar">Sumar un profesor</h2>
        <p class="soft measure">
          Empieza con los horarios habituales, de lunes a sábado de 9 a 21, y sin tomar reservas: primero conecta su calendario con el
          enlace que le mandás, después lo activás.
        </p>
        <form class="panel teacher-form" method="post" action="/admin/profesores" data-once>
          <Fields typed={added} prefix="nuevo-" email calendar fixed={null} />
          <p>
            <button type="submit" class="btn btn-primary">
              <Icon name="plus" />
              Sumar
            </button>
          </p>
        </form>
      </section>
    </AdminDocument>
  )
}

function TeacherPanel({ teacher, alone }: { teacher: TeacherEntry; alone: boolean }) {
  const path = `/admin/profesores/${encodeURIComponent(teacher.id)}`
  return (
    <section class="panel teacher-panel" id={`profe-${teacher.id}`} aria-labelledby={`nombre-${teacher.id}`}>
      <h2 id={`nombre-${teacher.id}`}>{teacher.name}</h2>
      <p class="teacher-states">
        {teacher.active ? (
          <Status tone="good" icon="check-circle" text="Toma reservas" />
        ) : (
          <Status tone="wait" icon="cross-circle" text="No toma reservas" />
        )}
        <GoogleStatus state={STATE[teacher.connection]} />
      </p>
      <dl class="facts">
        <div>
          <dt>Cuenta de Google</dt>
          <dd class="clip">{teacher.email}</dd>
        </div>
        <div>
          <dt>Calendario</dt>
          <dd class="clip">{teacher.calendarId === 'primary' ? 'El principal de su cuenta' : teacher.calendarId}</dd>
        </div>
        <div>
          <dt>Clases por dar</dt>
          <dd class="tabular">{teacher.ahead}</dd>
        </div>
      </dl>
      {teacher.invitation !== null && teacher.connection !== 'connected' ? (
        <Invitation id={teacher.id} url={teacher.invitation} broken={teacher.connection === 'broken'} />
      ) : null}
      <p class="actions">
        <a class="btn btn-quiet" href={alone ? '/admin/horarios' : `/admin/horarios?profe=${encodeURIComponent(teacher.id)}`}>
          <Icon name="clock" />
          Horarios<span class="sr-only"> de {teacher.name}</span>
        </a>
        <a class="btn btn-quiet" href={alone ? '/admin/google' : `/admin/google?profe=${encodeURIComponent(teacher.id)}`}>
          <Icon name="plug" />
          Google<span class="sr-only"> de {teacher.name}</span>
        </a>
      </p>
      <details class="teacher-edit" open={teacher.typed !== null}>
        <summary class="action-link">
          <Icon name="pen" />
          Editar<span class="sr-only"> a {teacher.name}</span>
        </summary>
        <form method="post" action={path} class="teacher-form" data-once>
          <Fields
            typed={teacher.typed ?? { form: teacher, faults: {} }}
            prefix={`${teacher.id}-`}
            email={teacher.mayChangeEmail}
            calendar={teacher.mayChangeCalendar}
            fixed={fixedWords(teacher)}
          />
          <p>
            <button type="submit" class="btn btn-primary">
              Guardar
            </button>
          </p>
        </form>
      </details>
      <div class="actions">
        {teacher.active ? (
          <Confirm
            label="Dejar de tomar reservas"
            action={`${path}/estado`}
            yes="Sí, dejar de tomar"
            fields={<input type="hidden" name="activo" value="0" />}
          >
            <p>
              Nadie va a poder reservar con {teacher.name}. {classesStay(teacher.ahead)}
            </p>
          </Confirm>
        ) : teacher.mayTakeBookings ? (
          <form method="post" action={`${path}/estado`} data-once>
            <input type="hidden" name="activo" value="1" />
            <button type="submit" class="btn btn-primary">
              Empezar a tomar reservas
            </button>
          </form>
        ) : (
          <p class="soft">Cuando conecte su calendario vas a poder activarlo.</p>
        )}
        {teacher.isFirst || teacher.connection === 'none' ? null : (
          <Confirm label="Desconectar su calendario" action={`${path}/desconectar`} yes="Sí, desconectar">
            <p>Se borra el permiso guardado. Sus clases nuevas van a esperar su enlace hasta que conecte otra vez.</p>
          </Confirm>
        )}
      </div>
    </section>
  )
}

function fixedWords({ isFirst, mayChangeEmail, mayChangeCalendar }: TeacherEntry): string | null {
  if (isFirst) return 'La cuenta y el calendario los fija la configuración (ADMIN_EMAIL y CALENDAR_ID).'
  if (!mayChangeCalendar) return 'Para usar otro calendario, primero desconectá el que usa.'
  return mayChangeEmail ? null : 'La cuenta ya es la de esa persona y no se cambia.'
}

const STATE = { connected: 'connected', broken: 'error', none: 'disconnected' } as const

function classesStay(ahead: number): string {
  if (ahead === 0) return 'No tiene clases reservadas.'
  return ahead === 1 ? 'Su clase reservada queda como está.' : `Sus ${ahead} clases reservadas quedan como están.`
}

function Invitation({ id, url, broken }: { id: string; url: string; broken: boolean }) {
  return (
    <div class="field">
      <label for={`invitacion-${id}`}>{broken ? 'Enlace para que vuelva a conectar' : 'Enlace para que conecte su calendario'}</label>
      <p class="soft" id={`invitacion-${id}-hint`}>
        Mandáselo: entra con su cuenta de Google, sin ser admin. Vale 7 días; cada vez que abrís esta página hay uno nuevo.
      </p>
      <input class="input" id={`invitacion-${id}`} value={url} readonly aria-describedby={`invitacion-${id}-hint`} autocomplete="off" />
    </div>
  )
}

const FAULT: Record<TeacherFault, string> = {
  'no-name': 'Escribí el nombre que van a ver los estudiantes.',
  'long-name': 'El nombre puede tener hasta 80 caracteres.',
  'bad-email': 'Escribí una dirección como ana@ejemplo.com.',
  'taken-email': 'Ya hay un profesor con esa dirección.',
  'bad-calendar': 'Tiene que ser «primary» o la dirección del calendario.',
  'too-many': 'No se pueden sumar más profesores.',
}

type FieldsProps = { typed: TypedTeacher; prefix: string; email: boolean; calendar: boolean; fixed: string | null }

/** `email`, `calendar`: whether these may be written; `fixed`: why not. */
function Fields({ typed, prefix, email, calendar, fixed }: FieldsProps) {
  const { form, faults } = typed
  const error = (name: keyof TeacherForm) => (faults[name] === undefined ? null : FAULT[faults[name]])
  return (
    <>
      <Box name="name" label="Nombre" value={form.name} rows={1} max={80} required error={error('name')} prefix={prefix} />
      {email ? (
        <Box
          name="email"
          label="Cuenta de Google"
          value={form.email}
          rows={1}
          max={254}
          required
          hint="Con esta cuenta da permiso para usar su calendario."
          error={error('email')}
          prefix={prefix}
        />
      ) : null}
      {calendar ? (
        <Box
          name="calendarId"
          label="Calendario (opcional)"
          value={form.calendarId === 'primary' ? '' : form.calendarId}
          rows={1}
          max={254}
          hint="Vacío: el principal de su cuenta. Si no, la dirección de otro calendario suyo."
          error={error('calendarId')}
          prefix={prefix}
        />
      ) : null}
      {fixed === null ? null : <p class="soft">{fixed}</p>}
    </>
  )
}
