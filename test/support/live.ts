import type { Client } from './world.ts'

export interface LiveEvent {
  event: string
  data: Record<string, unknown>
}

export interface LiveStream {
  response: Response
  /** The next event that is no heartbeat; null when the stream has ended. */
  next(): Promise<LiveEvent | null>
  /** Everything up to an event of that name, which comes last. */
  until(name: string): Promise<LiveEvent[]>
  close(): Promise<void>
}

/** A window that follows `GET /api/live`, as a browser reads it. */
export async function follow(client: Client): Promise<LiveStream> {
  return eventsOf(await client.get('/api/live', { accept: 'text/event-stream' }))
}

/** The same, of an answer that has begun. */
export function eventsOf(response: Response): LiveStream {
  const reader = (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  const stream: LiveStream = {
    response,
    async next() {
      for (;;) {
        const end = text.indexOf('\n\n')
        if (end >= 0) {
          const lines = text.slice(0, end).split('\n')
          text = text.slice(end + 2)
          const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2)
          const event = field('event')
          if (event !== undefined) return { event, data: JSON.parse(field('data') ?? '{}') as Record<string, unknown> }
          continue
        }
        const { value, done } = await reader.read()
        if (done) return null
        text += value
      }
    },
    async until(name) {
      const seen: LiveEvent[] = []
      for (let event = await stream.next(); event !== null; event = await stream.next()) {
        seen.push(event)
        if (event.event === name) return seen
      }
      throw new Error(`The stream ended after ${JSON.stringify(seen)}`)
    },
    close: () => reader.cancel(),
  }
  return stream
}
