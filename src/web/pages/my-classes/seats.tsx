import { wallTime } from '../../../kernel/zoned-time.ts'
import type { ClassCard, GuestSeat } from '../../ui/class-card.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { useText } from '../../ui/language.ts'
import * as en from './text.en.ts'
import * as es from './text.es.ts'

/**
 * Who is in, for the host of a group: names, since when, and a way to release each seat. The element stands even while nobody is in: it tells
 * the script that this page names people.
 */
export function GuestList({ card }: { card: ClassCard }) {
  const { PEOPLE } = useText({ es, en })
  if (card.type !== 'grupal' || card.role !== 'anfitrion' || card.status !== 'scheduled') return null
  return (
    <section class="guest-list" aria-label={PEOPLE.title} data-guests={card.id}>
      {card.guests.length === 0 ? (
        <p class="soft">{PEOPLE.none}</p>
      ) : (
        <ul>
          {card.guests.map((guest) => (
            <li>
              <p class="guest">
                <strong class="clip">{guest.name}</strong> <GuestTimes guest={guest} />
              </p>
              <ReleaseSeat classId={card.id} guest={guest} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function GuestTimes({ guest }: { guest: GuestSeat }) {
  const { PEOPLE } = useText({ es, en })
  return (
    <span class="soft">
      {PEOPLE.joined(wallTime(guest.joinedAt))}
      {guest.enteredAt === null ? '' : `, ${PEOPLE.entered(wallTime(guest.enteredAt))}`}
    </span>
  )
}

function ReleaseSeat({ classId, guest }: { classId: string; guest: GuestSeat }) {
  const { PEOPLE } = useText({ es, en })
  return (
    <Confirm
      label={
        <>
          {PEOPLE.release}
          <span class="sr-only">{PEOPLE.releaseOf(guest.name)}</span>
        </>
      }
      action={`${classPath(classId)}/lugares/${encodeURIComponent(guest.participationId)}/liberar`}
      question={PEOPLE.releaseQuestion(guest.name)}
      yes={PEOPLE.releaseYes}
      fields={
        <label class="replaced">
          <input type="checkbox" name="codigo" value="1" /> <span>{PEOPLE.alsoCode}</span>
        </label>
      }
    >
      <p>{PEOPLE.releaseWhat}</p>
    </Confirm>
  )
}

/** A new code for a group, for its host. The form names the code it replaces, so that sent twice it changes it once. */
export function RotateCode({ card }: { card: ClassCard }) {
  const { CODE } = useText({ es, en })
  if (card.type !== 'grupal' || card.accessCode === null) return null
  return (
    <Confirm
      label={CODE.rotate}
      icon="refresh"
      action={`${classPath(card.id)}/codigo`}
      question={CODE.rotateQuestion}
      yes={CODE.rotateYes}
      fields={<input type="hidden" name="actual" value={card.accessCode} />}
    >
      <p>{CODE.rotateWhat}</p>
    </Confirm>
  )
}

/** A guest's way out, until the class starts. */
export function LeaveClass({ card }: { card: ClassCard }) {
  const { LEAVE } = useText({ es, en })
  if (!card.canLeave) return null
  return (
    <div data-live data-until={card.startsAt.toISOString()}>
      <Confirm label={LEAVE.label} icon="door" action={`${classPath(card.id)}/salir`} question={LEAVE.question} yes={LEAVE.yes}>
        <p>{LEAVE.what}</p>
      </Confirm>
    </div>
  )
}

function classPath(classId: string): string {
  return `/inicio/clases/${encodeURIComponent(classId)}`
}
