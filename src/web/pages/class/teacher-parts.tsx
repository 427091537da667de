import { Icon } from '../../ui/icons.tsx'
import { Status } from '../../ui/status.tsx'
import { Box } from '../admin/fields.tsx'
import type { TeacherView } from './view.ts'

/** The room of a class and who was there: what only the teacher sees and decides. `base`: the address of its page, `query`: what of it is to last. Spanish only, as the panel. */
export function TeacherParts({ base, query = '', view }: { base: string; query?: string; view: TeacherView }) {
  return (
    <>
      {view.room.state === 'none' ? null : <Room base={base} query={query} room={view.room} />}
      {view.attendance.canMark ? <Attendance base={base} query={query} people={view.attendance.people} /> : null}
    </>
  )
}

function Room({ base, query, room }: { base: string; query: string; room: TeacherView['room'] }) {
  return (
    <section class="panel stack" aria-labelledby="sala">
      <h2 id="sala">Sala</h2>
      <RoomState room={room} />
      {room.enterHref === null ? null : (
        <p class="actions">
          <a
            class={`btn ${room.state === 'lost' ? 'btn-quiet' : 'btn-primary'}`}
            href={room.enterHref}
            target="_blank"
            rel="noopener noreferrer"
          >
            <Icon name="camera" />
            Entrar a la sala
          </a>
        </p>
      )}
      <details open={room.error !== null || room.state === 'waiting' || room.state === 'lost'}>
        <summary class="action-link">Usar otra sala</summary>
        <form method="post" action={`${base}/sala${query}`} class="stack" data-once>
          <Box
            name="url"
            label="Enlace de la sala"
            value={room.typed}
            rows={1}
            max={500}
            required
            error={room.error}
            hint="De Google Meet, Zoom, Microsoft Teams, Jitsi Meet o Whereby. Quienes participan entran con el mismo botón y no ven el enlace."
          />
          <p class="actions">
            <button type="submit" class="btn btn-quiet">
              Guardar la sala
            </button>
          </p>
        </form>
      </details>
      {room.state === 'room' ? (
        <form method="post" action={`${base}/sala/meet${query}`} data-once>
          <p class="actions">
            <button type="submit" class="btn btn-quiet">
              Volver a Google Meet
            </button>
          </p>
        </form>
      ) : null}
    </section>
  )
}

function RoomState({ room }: { room: TeacherView['room'] }) {
  switch (room.state) {
    case 'waiting':
      return <Status tone="wait" icon="clock" text="Todavía no hay enlace. Se sigue pidiendo a Google." />
    case 'lost':
      return (
        <Status tone="bad" icon="alert" text="El enlace de Meet ya no funciona. Poné otra sala o corregí el evento en Google Calendar." />
      )
    case 'room':
      return <Status tone="good" icon="camera" text={`En otra sala: ${room.host}`} />
    default:
      return <Status tone="good" icon="camera" text="En Google Meet" />
  }
}

function Attendance({ base, query, people }: { base: string; query: string; people: TeacherView['attendance']['people'] }) {
  return (
    <section class="panel stack" aria-labelledby="asistencia">
      <h2 id="asistencia">Asistencia</h2>
      <p class="soft">Si Google Meet la informa, aparece sola después de la clase. Lo que marques vos vale más.</p>
      <form method="post" action={`${base}/asistencia${query}`} class="stack" data-once>
        {people.map((person) => (
          <fieldset class="attendance-person">
            <legend>{person.name}</legend>
            <Choice person={person} value="si" label="Estuvo" checked={person.attended === true} />
            <Choice person={person} value="no" label="No estuvo" checked={person.attended === false} />
            <span class="soft">{sourceWords(person)}</span>
          </fieldset>
        ))}
        <p class="actions">
          <button type="submit" class="btn btn-quiet">
            Guardar asistencia
          </button>
        </p>
      </form>
    </section>
  )
}

function Choice(props: { person: { userId: string }; value: string; label: string; checked: boolean }) {
  const name = `asistio_${props.person.userId}`
  const id = `${name}_${props.value}`
  return (
    <label for={id}>
      <input type="radio" id={id} name={name} value={props.value} checked={props.checked} /> {props.label}
    </label>
  )
}

const SOURCE = { meet: 'según Google Meet', manual: 'marcado a mano', unknown: 'Google Meet no dice si estuvo' } as const

function sourceWords({ minutes, source }: TeacherView['attendance']['people'][number]): string {
  return [minutes === null ? '' : `${minutes} minutos`, source === null ? '' : SOURCE[source]].filter(Boolean).join(', ')
}
