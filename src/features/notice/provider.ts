import type { Outcome } from '../../kernel/outcome.ts'

export interface Mail {
  /** Stable for every attempt of one notice; becomes the Message-ID. */
  id: string
  to: string
  subject: string
  text: string
  html: string
  calendar?: { filename: string; content: string }
}

export interface MailProvider {
  /** `refused`: the server will never take this message. */
  send(mail: Mail): Promise<Outcome<null, 'unavailable' | 'refused'>>
}
