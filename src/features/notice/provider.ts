import type { Outcome } from '../../kernel/outcome.ts'

/** A calendar file; its method tells the reader's calendar what to do with it (RFC 5546). */
export interface CalendarPart {
  filename: string
  method: 'PUBLISH' | 'CANCEL'
  content: string
}

export interface Mail {
  /** Stable for every attempt of one notice; becomes the Message-ID. */
  id: string
  to: string
  subject: string
  text: string
  html: string
  calendar?: CalendarPart
  /** Ends mails of this kind with one request and no login (RFC 8058). */
  unsubscribeUrl?: string
}

export interface MailProvider {
  /** `refused`: the server will never take this message. */
  send(mail: Mail): Promise<Outcome<null, 'unavailable' | 'refused'>>
}
