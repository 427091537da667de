import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { SandboxClock } from '../kernel/clock.ts'
import { createFaults, type Fault } from '../kernel/faults.ts'
import type { SandboxPart } from '../kernel/parts.ts'
import { type Mail, parseMail } from './mail.ts'
import { attachmentResponse, htmlResponse, mailPage, mailsPage } from './pages.ts'

export type { Mail } from './mail.ts'

export interface Mailbox extends SandboxPart {
  /** Takes a message as the SMTP server received it. */
  receive(raw: Uint8Array, envelope: { from: string; to: string[] }): Promise<Mail>
  /** Newest first; `to` is one address of the envelope. */
  mails(filter?: { to?: string | undefined; subject?: string | undefined }): Mail[]
  /** How many it has taken in so far; also the number of the newest. */
  received(): number
  /** What goes wrong with the message that is being handed over, when a switch says so. */
  takeFault(): Fault | undefined
}

const MAILS_KEPT = 500
const BYTES_KEPT = 50_000_000

/** Every mail that the application sent. Nothing leaves this computer. */
export function createMailbox(context: { clock: SandboxClock; changed(): void }): Mailbox {
  let mails: Mail[] = []
  let lastId = 0
  const faults = createFaults({ others: ['send'] })

  function keep(mail: Mail): void {
    mails = [mail, ...mails].slice(0, MAILS_KEPT)
    let bytes = 0
    mails = mails.filter((one) => {
      bytes += one.size
      return bytes <= BYTES_KEPT || one === mail
    })
    context.changed()
  }

  function select(filter: { to?: string | undefined; subject?: string | undefined } = {}): Mail[] {
    return mails.filter(
      (mail) =>
        (!filter.to || mail.envelope.to.includes(filter.to.toLowerCase())) && (!filter.subject || mail.subject.includes(filter.subject)),
    )
  }

  function requireMail(id: string): Mail {
    const mail = mails.find((one) => one.id === Number(id))
    if (!mail) throw new HTTPException(404, { message: 'There is no mail with that number.' })
    return mail
  }

  const app = new Hono()
  app.get('/', (c) => c.html(mailsPage(select({ to: c.req.query('to') }), c.req.query('to'))))
  app.get('/:id', (c) => c.html(mailPage(requireMail(c.req.param('id')))))
  app.get('/:id/html', (c) => htmlResponse(requireMail(c.req.param('id'))))
  app.get('/:id/attachments/:index', (c) => attachmentResponse(requireMail(c.req.param('id')), Number(c.req.param('index'))))

  const control = new Hono()
  control.route('/faults', faults.control)
  control.get('/', (c) => {
    const { to, subject } = c.req.query()
    return c.json({ mails: select({ to, subject }) })
  })
  control.delete('/', (c) => {
    mails = []
    context.changed()
    return c.body(null, 204)
  })

  return {
    app,
    control,
    async receive(raw, envelope) {
      lastId += 1
      const mail = await parseMail(raw, { id: lastId, receivedAt: context.clock.now(), envelope })
      keep(mail)
      return mail
    },
    mails: select,
    received: () => lastId,
    takeFault: () => faults.takeFor('send'),
    snapshot: () => ({ mails, lastId }),
    restore(state) {
      const stored = state as { mails?: unknown; lastId?: unknown }
      if (!Array.isArray(stored?.mails) || typeof stored.lastId !== 'number') throw new Error('This is not a state of the mailbox.')
      mails = stored.mails as Mail[]
      lastId = stored.lastId
    },
    reset() {
      mails = []
      faults.clear()
      context.changed()
    },
    tick: async () => undefined,
    close: async () => undefined,
  }
}
