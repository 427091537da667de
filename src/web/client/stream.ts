/** How a class of ours stands now; `gone`: it is ours no more. */
export interface ClassFacts {
  id: string
  status: string
  startTime: string
  people: number
  peopleMax: number
}

/** What the server told. `null`: something may have been missed, or changed that has no facts: look. */
type Listener = (facts: ClassFacts | null) => void

/** A proxy that keeps the stream back never lets the first word through. */
const FIRST_WORD_MS = 10_000

/** As long as the answer that takes the cookie of a login away may need to come to the window that signed out. */
const SIGNING_OUT_MS = 3_000

/** When the server has lost its own ear for a moment, every open page is told to look: not all at once. */
const SPREAD_MS = 5_000

const listeners = new Set<Listener>()
let source: EventSource | null = null
/** Gives the present source up unless it has said a word by then. */
let late: ReturnType<typeof setTimeout> | undefined
let heard = false
let opened = 0
/** A form has taken this window elsewhere, however long that takes. */
let isLeaving = false

/** Whether changes are told as they happen. Where they are not, whoever follows has to ask from time to time. */
export function isTold(): boolean {
  return heard
}

/** Hears every change of this person's things until `signal` aborts. One stream per page, and none while nobody looks at it. */
export function hear(signal: AbortSignal, listener: Listener): void {
  listeners.add(listener)
  signal.addEventListener('abort', () => listeners.delete(listener))
  if (opened === 0) {
    document.addEventListener('visibilitychange', adjust)
    document.addEventListener('submit', noteLeaving)
  }
  if (source === null) adjust()
}

function adjust(): void {
  if (document.hidden || listeners.size === 0) close()
  else if (source === null && typeof EventSource === 'function') open()
}

function open(): void {
  const mine = new EventSource('/api/live')
  source = mine
  late = setTimeout(close, FIRST_WORD_MS)
  mine.addEventListener('hello', () => {
    clearTimeout(late)
    heard = true
    // What happened while it was closed is not told any more.
    if (opened++ > 0) tell(null)
  })
  mine.addEventListener('class', (event) => tell(JSON.parse((event as MessageEvent<string>).data) as ClassFacts))
  mine.addEventListener('payment', () => tell(null))
  mine.addEventListener('missed', () => setTimeout(() => tell(null), Math.random() * SPREAD_MS))
  // The window that signs out itself is on its way elsewhere, and must not be called back.
  mine.addEventListener('signed-out', () => setTimeout(() => isLeaving || location.reload(), SIGNING_OUT_MS))
  mine.addEventListener('error', () => {
    // The browser tries again by itself, unless it was refused.
    heard = false
    if (mine.readyState === EventSource.CLOSED && source === mine) close()
  })
}

function noteLeaving(event: Event): void {
  if (!event.defaultPrevented) isLeaving = true
}

function close(): void {
  clearTimeout(late)
  source?.close()
  source = null
  heard = false
}

function tell(facts: ClassFacts | null): void {
  for (const listener of [...listeners]) listener(facts)
}
