import { CLASS_TYPE } from '../../text.es.ts'
import { withTeacher } from '../../ui/class-card.ts'
import { namesInWords, peopleWords } from '../../ui/people.ts'
import { ClassStatusLabel, Status } from '../../ui/status.tsx'
import type { AdminClass } from './view.ts'

/** The status in the teacher's words: a class that is paid and still waits for its event is not waiting for money. */
export function AdminClassStatus({ entry }: { entry: AdminClass }) {
  if (entry.status === 'pending' && entry.paid !== null) return <Status tone="wait" icon="clock" text="Pagada, preparando el enlace" />
  return <ClassStatusLabel status={entry.status} />
}

/** "Individual, 1 persona", "Grupal, 2 de 5 personas", and with whom where there are several teachers. */
export function headCountWords({
  type,
  people,
  peopleMax,
  teacherName,
}: Pick<AdminClass, 'type' | 'people' | 'peopleMax' | 'teacherName'>): string {
  const words = `${CLASS_TYPE[type]}, ${type === 'grupal' ? `${people} de ${peopleWords(peopleMax)}` : peopleWords(people)}`
  return withTeacher(words, teacherName)
}

/** Who comes and what about, for preparing the class. */
export function ClassFacts({ entry }: { entry: Pick<AdminClass, 'hostName' | 'guestNames' | 'objective'> }) {
  return (
    <span class="class-facts">
      <span>
        <span class="soft">Anfitrión:</span> {entry.hostName}
      </span>
      {entry.guestNames.length === 0 ? null : (
        <span>
          <span class="soft">{entry.guestNames.length === 1 ? 'Invitado:' : 'Invitados:'}</span> {namesInWords(entry.guestNames)}
        </span>
      )}
      <span>
        <span class="soft">Objetivo:</span> {entry.objective ?? <span class="soft">no escribió ninguno</span>}
      </span>
    </span>
  )
}
