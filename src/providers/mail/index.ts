import { createTransport } from 'nodemailer'
import type { Mail, MailProvider } from '../../features/notice/provider.ts'
import type { Log } from '../../kernel/log.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { withDeadline } from '../deadline.ts'

export interface MailOptions {
  /** `smtp://` or `smtps://`, with user and password when the server wants them. */
  smtpUrl: string
  /** "Name <address>" or a bare address. */
  from: string
  log: Log
  /** For connecting, greeting and silence; 10 s unless told. */
  timeoutMs?: number
  /** For a whole message, waiting for a free connection included; 30 s unless told. */
  deadlineMs?: number
}

export interface SmtpMail extends MailProvider {
  /** Ends the pooled connections. */
  close(): void
}

const CONNECTIONS_MAX = 2

/** Sends notices over SMTP. The Message-ID is made from the notice's id, so that a repeated attempt can be recognised. */
export function createMail({ smtpUrl, from, log, timeoutMs = 10_000, deadlineMs = 30_000 }: MailOptions): SmtpMail {
  const transport = createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: CONNECTIONS_MAX,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    // A message is made of our texts only: no part of it may name a file or an address to read.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const domain = from.match(/@([A-Za-z0-9.-]+)/)?.[1] ?? 'localhost'

  return {
    async send(mail) {
      try {
        await withDeadline(deadlineMs, transport.sendMail(message(mail, from, domain)))
        return succeed(null)
      } catch (error) {
        const { code, responseCode } = smtpError(error)
        const reason = isRefusal(code, responseCode) ? 'refused' : 'unavailable'
        log.warn({ mailId: mail.id, reason, smtpCode: responseCode, error: code }, 'Mail was not sent')
        return refuse(reason)
      }
    },
    close() {
      transport.close()
    },
  }
}

function message(mail: Mail, from: string, domain: string) {
  return {
    from,
    to: mail.to,
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    // Nobody's absence note answers it.
    headers: {
      'Auto-Submitted': 'auto-generated',
      ...(mail.unsubscribeUrl
        ? { 'List-Unsubscribe': `<${mail.unsubscribeUrl}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }
        : {}),
    },
    messageId: `<${mail.id.replaceAll(/[^A-Za-z0-9._-]/g, '-')}@${domain}>`,
    attachments: mail.calendar
      ? [
          {
            filename: mail.calendar.filename,
            content: mail.calendar.content,
            contentType: `text/calendar; charset=utf-8; method=${mail.calendar.method}`,
          },
        ]
      : [],
  }
}

/** 5xx is the server's final word on this message, except when it is about our own credentials: those can be repaired. */
function isRefusal(code: string | undefined, responseCode: number | undefined): boolean {
  if (code === 'EAUTH') return false
  return responseCode === undefined ? code === 'EENVELOPE' : responseCode >= 500
}

function smtpError(error: unknown): { code: string | undefined; responseCode: number | undefined } {
  const { code, responseCode } = (typeof error === 'object' && error !== null ? error : {}) as { code?: unknown; responseCode?: unknown }
  return { code: typeof code === 'string' ? code : undefined, responseCode: typeof responseCode === 'number' ? responseCode : undefined }
}
