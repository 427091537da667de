import { wallTime } from '../../../kernel/zoned-time.ts'
import { useDates, useText } from '../../ui/language.ts'
import * as en from './text.en.ts'
import * as es from './text.es.ts'
import { SETTINGS_PATH, type SessionView } from './view.ts'

/** Every login that is open, each with a way to end it; this one is ended with "Cerrar sesión" of the menu. */
export function Sessions({ sessions }: { sessions: readonly SessionView[] }) {
  const { SETTINGS } = useText({ es, en })
  const words = SETTINGS.sessions
  return (
    <section class="panel settings-card" id="sesiones" aria-labelledby="sesiones-titulo">
      <h2 id="sesiones-titulo">{words.title}</h2>
      <ul class="sessions">
        {sessions.map((session) => (
          <Session session={session} />
        ))}
      </ul>
      {sessions.some((session) => !session.isCurrent) ? (
        <form method="post" action={`${SETTINGS_PATH}/sesiones/cerrar-las-demas`} data-once data-online>
          <button type="submit" class="btn btn-quiet">
            {words.endOthers}
          </button>
        </form>
      ) : null}
    </section>
  )
}

function Session({ session }: { session: SessionView }) {
  const { SETTINGS } = useText({ es, en })
  const dates = useDates()
  const words = SETTINGS.sessions
  const device = words.device(session.browser, session.system)
  const moment = (instant: Date) => words.moment(dates.date(instant), wallTime(instant))
  return (
    <li>
      <p>
        <strong>{device}</strong>
        {session.isCurrent ? <span class="session-here"> {words.current}</span> : null}
        <span class="soft session-times">{words.times(moment(session.startedAt), moment(session.usedAt))}</span>
      </p>
      {session.isCurrent ? null : (
        <form method="post" action={`${SETTINGS_PATH}/sesiones/${session.publicId}/cerrar`} data-once data-online>
          <button type="submit" class="btn btn-quiet btn-small">
            {words.end}
            <span class="sr-only">: {device}</span>
          </button>
        </form>
      )}
    </li>
  )
}
