import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server'
import { delayOf, type Fault } from '../kernel/faults.ts'
import { portError } from '../kernel/server.ts'
import type { Mailbox } from './index.ts'

const MESSAGE_BYTES_MAX = 5_000_000
const CLIENTS_MAX = 50
const RECIPIENTS_MAX = 100

export interface SmtpServer {
  port: number
  close(): Promise<void>
}

/** A real SMTP server on 127.0.0.1 without TLS; a user name and password are accepted but not needed. */
export async function openSmtpServer(mailbox: Mailbox, port: number): Promise<SmtpServer> {
  const server = new SMTPServer({
    name: 'sandbox',
    banner: 'HablaInglesYa sandbox',
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    size: MESSAGE_BYTES_MAX,
    maxClients: CLIENTS_MAX,
    closeTimeout: 500,
    onAuth: (auth, _session, callback) => callback(null, { user: auth.username ?? 'sandbox' }),
    onRcptTo: (_address, session, callback) =>
      callback(session.envelope.rcptTo.length >= RECIPIENTS_MAX ? refusal(452, 'Too many recipients') : null),
    onData(stream, session, callback) {
      const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : ''
      const to = session.envelope.rcptTo.map((recipient) => recipient.address)
      readMessage(stream)
        .then((raw) => takeIn(mailbox, raw, { from, to }))
        .then((kept) => (kept === 'cut' ? hangUp(session.id) : callback(null, `Kept as mail ${kept}`)), callback)
    },
  })
  /** Instead of an answer the connection ends. */
  const hangUp = (sessionId: string) => {
    for (const connection of server.connections) if (connection.session.id === sessionId) connection._socket.destroy()
  }
  // A client that breaks off in the middle of a message is its own problem.
  server.on('error', () => undefined)
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', (error: NodeJS.ErrnoException) => reject(portError('the mailbox (SMTP)', port, error)))
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

/** Takes a message in, or does to it what a fault switch says. Resolves with the number it is kept under; throws a refusal. */
async function takeIn(mailbox: Mailbox, raw: Uint8Array, envelope: { from: string; to: string[] }): Promise<number | 'cut'> {
  const fault = mailbox.takeFault()
  if (fault) await setTimeout(delayOf(fault))
  if (fault && !CARRIED_OUT.includes(fault.kind)) {
    if (fault.kind === 'drop' || fault.kind === 'hang') return 'cut'
    throw refusal(fault.status ?? BUSY, fault.message ?? 'Refused by a switch of the sandbox')
  }
  const { id } = await mailbox.receive(raw, envelope)
  if (fault?.kind === 'commit-then-500') throw refusal(fault.status ?? BUSY, fault.message ?? 'Refused by a switch of the sandbox')
  return fault && fault.kind !== 'slow' ? 'cut' : id
}

/** "Requested action aborted: local error": worth trying again. */
const BUSY = 451
const CARRIED_OUT: readonly Fault['kind'][] = ['slow', 'commit-then-500', 'commit-then-drop']

async function readMessage(stream: SMTPServerDataStream): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength
    if (bytes <= MESSAGE_BYTES_MAX) chunks.push(chunk)
  }
  if (stream.sizeExceeded || bytes > MESSAGE_BYTES_MAX) throw refusal(552, 'Message exceeds the size limit')
  return Buffer.concat(chunks)
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode })
}
