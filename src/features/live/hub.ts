import { z } from 'zod'
import type { Listen } from '../../db/listen.ts'
import type { Log } from '../../kernel/log.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'

/** What was told since the last look. */
export interface News {
  /** Classes of this person that changed. */
  classes: string[]
  /** A payment of this person changed. */
  payments: boolean
  /** Something may have been missed: look at everything once. */
  missed: boolean
  /** Nothing more will come: the login ended, or this process is being stopped. */
  over: 'signed-out' | 'stopping' | null
}

export interface Subscription {
  /** What was told, as soon as there is something; null after `withinMs` of silence. One at a time. */
  next(withinMs: number): Promise<News | null>
  end(): void
}

/** Tells the people who look at a page of this process what of theirs changed. */
export interface LiveHub {
  subscribe(who: { userId: string; sessionHash: string }): Outcome<Subscription, 'too-many'>
  /** Ends every subscription and stops listening. */
  close(): Promise<void>
}

/** The channel of the triggers in `005_live.sql`. */
const CHANNEL = 'changes'
/** More windows of one person, or more people, ask from time to time instead. */
const PER_PERSON_MAX = 6
const PER_PROCESS_MAX = 2_000
/** More than this at once is told as "look at everything". */
const CLASSES_AT_ONCE_MAX = 50

const Told = z.object({
  users: z.array(z.string()),
  class: z.string().optional(),
  payment: z.string().optional(),
  session: z.string().optional(),
})

/** Listens from the first subscription on, so a process that serves nobody holds no connection for it. */
export function createLiveHub(listen: Listen, log: Log): LiveHub {
  const byUser = new Map<string, Set<Mailbox>>()
  let total = 0
  let stopListening: (() => Promise<void>) | null = null
  let closed = false

  const everybody = () => [...byUser.values()].flatMap((mailboxes) => [...mailboxes])

  function onMessage(payload: string): void {
    const told = Told.safeParse(parsed(payload))
    if (!told.success) {
      log.warn({ channel: CHANNEL }, 'what was told cannot be read')
      return
    }
    const { users, session, payment, class: classId } = told.data
    for (const mailbox of users.flatMap((user) => [...(byUser.get(user) ?? [])])) {
      if (session !== undefined) mailbox.endWith(session)
      if (payment !== undefined) mailbox.addPayment()
      if (classId !== undefined) mailbox.addClass(classId)
    }
  }

  function onOpen(): void {
    for (const mailbox of everybody()) mailbox.miss()
  }

  return {
    subscribe({ userId, sessionHash }) {
      const own = byUser.get(userId) ?? new Set<Mailbox>()
      if (closed || total >= PER_PROCESS_MAX || own.size >= PER_PERSON_MAX) return refuse('too-many')
      // Whoever came before listening had begun looks once more when it has.
      stopListening ??= listen(CHANNEL, { onMessage, onOpen })
      const mailbox = createMailbox(sessionHash)
      byUser.set(userId, own.add(mailbox))
      total += 1
      return succeed({
        next: mailbox.next,
        end() {
          if (!own.delete(mailbox)) return
          total -= 1
          if (own.size === 0) byUser.delete(userId)
          mailbox.stop()
        },
      })
    },
    async close() {
      closed = true
      for (const mailbox of everybody()) mailbox.stop()
      await stopListening?.()
    },
  }
}

type Mailbox = ReturnType<typeof createMailbox>

/** What one window has not been told yet: bounded, however slowly it reads. */
function createMailbox(sessionHash: string) {
  const classes = new Set<string>()
  let payments = false
  let missed = false
  let over: News['over'] = null
  let wake: () => void = () => {}

  const take = (): News | null => {
    if (classes.size === 0 && !payments && !missed && over === null) return null
    const news: News = { classes: [...classes], payments, missed, over }
    classes.clear()
    payments = false
    missed = false
    return news
  }
  const finish = (reason: NonNullable<News['over']>) => {
    over ??= reason
    wake()
  }

  return {
    addClass(classId: string) {
      if (classes.size < CLASSES_AT_ONCE_MAX) classes.add(classId)
      else missed = true
      wake()
    },
    addPayment() {
      payments = true
      wake()
    },
    miss() {
      missed = true
      wake()
    },
    /** A login ended: this one's window has nothing more to see. */
    endWith(session: string) {
      if (session === sessionHash) finish('signed-out')
    },
    stop: () => finish('stopping'),
    async next(withinMs: number): Promise<News | null> {
      const waiting = take()
      if (waiting) return waiting
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, withinMs).unref()
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      wake = () => {}
      return take()
    },
  }
}

function parsed(payload: string): unknown {
  try {
    return JSON.parse(payload)
  } catch {
    return null
  }
}
