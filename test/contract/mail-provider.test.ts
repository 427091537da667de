import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import PostalMime from 'postal-mime'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterEach, describe, expect, it } from 'vitest'
import type { Mail } from '../../src/features/notice/provider.ts'
import { createMail, type SmtpMail } from '../../src/providers/mail/index.ts'
import { startRig } from './sandbox-rig.ts'
import { recordingLog } from './unruly-server.ts'

const mail: Mail = {
  id: 'notice:7a0c4a3e/confirmed',
  to: 'ana@example.com',
  subject: 'Tu clase está confirmada: ¡nos vemos!',
  text: 'Hola Ana',
  html: '<p>Hola <strong>Ana</strong></p>',
  calendar: { filename: 'clase.ics', method: 'PUBLISH', content: 'BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n' },
}

const cleanUps: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

/** A mail server with the given temper. Resolves with its address and the messages that it took. */
async function smtpServer(options: SMTPServerOptions = {}) {
  const messages: string[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      let raw = ''
      stream.setEncoding('utf8')
      stream.on('data', (chunk: string) => {
        raw += chunk
      })
      stream.on('end', () => {
        messages.push(raw)
        done()
      })
    },
    ...options,
  })
  // Clients that hang up are part of the exercise.
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanUps.push(() => new Promise<void>((resolve) => server.close(() => resolve())))
  const { port } = server.server.address() as AddressInfo
  return { url: `smtp://127.0.0.1:${port}`, messages }
}

/** Accepts connections and says what `greet` writes, which may be nothing. */
async function rawServer(greet: (socket: Socket) => void) {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    greet(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanUps.push(
    () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  )
  return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function mailer(smtpUrl: string, change: { timeoutMs?: number; deadlineMs?: number } = {}): { mailer: SmtpMail; lines: string[] } {
  const { log, lines } = recordingLog()
  const made = createMail({
    smtpUrl,
    from: 'HablaInglesYa <avisos@hablainglesya.test>',
    log,
    timeoutMs: 60_000,
    deadlineMs: 60_000,
    ...change,
  })
  cleanUps.push(() => made.close())
  return { mailer: made, lines }
}

const failing = (responseCode: number) => Object.assign(new Error('no'), { responseCode })

describe('a mail that is taken', () => {
  it('arrives whole: both bodies, the invitation and the address', async () => {
    const server = await smtpServer()
    expect(await mailer(server.url).mailer.send(mail)).toEqual({ ok: true, value: null })
    const received = await PostalMime.parse(server.messages[0] ?? '')
    expect(received).toMatchObject({
      subject: mail.subject,
      from: { name: 'HablaInglesYa', address: 'avisos@hablainglesya.test' },
      to: [{ address: 'ana@example.com' }],
      text: expect.stringContaining('Hola Ana'),
      html: expect.stringContaining('<strong>Ana</strong>'),
    })
    expect(received.attachments).toMatchObject([{ filename: 'clase.ics', mimeType: 'text/calendar' }])
    expect(server.messages[0]).toMatch(/Content-Type: text\/calendar; charset=utf-8; method=PUBLISH/i)
  })

  it('lies in the sandbox’s mailbox, ready to be opened', async () => {
    const rig = await startRig()
    cleanUps.push(rig.close)
    const { log } = recordingLog()
    const sender = createMail({ smtpUrl: rig.config.mail?.smtpUrl ?? '', from: rig.config.mail?.from ?? '', log })
    cleanUps.push(() => sender.close())
    expect(await sender.send(mail)).toEqual({ ok: true, value: null })
    const { mails } = await rig.control<{ mails: object[] }>(`mail?${new URLSearchParams({ to: mail.to })}`, undefined, 'GET')
    expect(mails).toMatchObject([{ subject: mail.subject, attachments: [{ filename: 'clase.ics' }] }])
  })

  it('has the same Message-ID on every attempt, and another one for another notice', async () => {
    const server = await smtpServer()
    const { mailer: sender } = mailer(server.url)
    for (const id of [mail.id, mail.id, 'notice-2']) await sender.send({ ...mail, id })
    const ids = await Promise.all(server.messages.map(async (raw) => (await PostalMime.parse(raw)).messageId))
    expect(ids).toEqual([
      '<notice-7a0c4a3e-confirmed@hablainglesya.test>',
      '<notice-7a0c4a3e-confirmed@hablainglesya.test>',
      '<notice-2@hablainglesya.test>',
    ])
  })

  it('without an invitation has no attachment', async () => {
    const server = await smtpServer()
    const { calendar: _, ...plain } = mail
    await mailer(server.url).mailer.send(plain)
    expect((await PostalMime.parse(server.messages[0] ?? '')).attachments).toEqual([])
  })

  it('asks for no answer, and says how mails like it are ended', async () => {
    const server = await smtpServer()
    const { mailer: sender } = mailer(server.url)
    const unsubscribeUrl = `https://clases.example.test/mails/baja?t=${'0a1b2c3d-'.repeat(20)}`
    await sender.send({ ...mail, unsubscribeUrl })
    await sender.send(mail)
    const [ended, plain] = await Promise.all(
      server.messages.map(async (raw) => new Map((await PostalMime.parse(raw)).headers.map(({ key, value }) => [key, value]))),
    )
    expect(ended?.get('list-unsubscribe')).toBe(`<${unsubscribeUrl}>`)
    expect(ended?.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click')
    expect(ended?.get('auto-submitted')).toBe('auto-generated')
    expect(plain?.has('list-unsubscribe')).toBe(false)
  })

  it('cannot smuggle a header in through its subject', async () => {
    const server = await smtpServer()
    await mailer(server.url).mailer.send({ ...mail, subject: 'Hola\r\nBcc: otra@example.com' })
    const received = await PostalMime.parse(server.messages[0] ?? '')
    expect(received.bcc ?? []).toEqual([])
    expect(received.to).toMatchObject([{ address: 'ana@example.com' }])
  })

  it('shares its connections with the next ones', async () => {
    let connections = 0
    const server = await smtpServer({
      onConnect(_session, done) {
        connections += 1
        done()
      },
    })
    const { mailer: sender } = mailer(server.url)
    for (let i = 0; i < 5; i++) await sender.send({ ...mail, id: `notice-${i}` })
    expect(server.messages).toHaveLength(5)
    expect(connections).toBeLessThanOrEqual(2)
  })
})

describe('a mail that is not taken', () => {
  it.each([
    [550, 'refused'],
    [554, 'refused'],
    [421, 'unavailable'],
    [450, 'unavailable'],
  ])('recipient answered with %i: %s', async (code, reason) => {
    const server = await smtpServer({ onRcptTo: (_address, _session, done) => done(failing(code)) })
    expect(await mailer(server.url).mailer.send(mail)).toEqual({ ok: false, reason })
  })

  it.each([
    [552, 'refused'],
    [451, 'unavailable'],
  ])('content answered with %i: %s', async (code, reason) => {
    const server = await smtpServer({
      onData(stream, _session, done) {
        stream.resume()
        stream.on('end', () => done(failing(code)))
      },
    })
    expect(await mailer(server.url).mailer.send(mail)).toEqual({ ok: false, reason })
  })

  it('an address that is none is refused', async () => {
    const server = await smtpServer()
    expect(await mailer(server.url).mailer.send({ ...mail, to: '' })).toEqual({ ok: false, reason: 'refused' })
  })

  it('our own password being wrong is not the fault of the mail, and is not printed', async () => {
    const server = await smtpServer({ authOptional: false, allowInsecureAuth: true, onAuth: (_auth, _session, done) => done(failing(535)) })
    const { mailer: sender, lines } = mailer(server.url.replace('smtp://', 'smtp://user:hidden-password@'))
    expect(await sender.send(mail)).toEqual({ ok: false, reason: 'unavailable' })
    expect(lines.join()).toContain('EAUTH')
    expect(lines.join()).not.toMatch(/hidden-password|ana@example\.com/)
  })

  it('a server that is not there is unavailable', async () => {
    const server = await smtpServer()
    const { mailer: sender } = mailer(server.url)
    for (const cleanUp of cleanUps.splice(0, 1)) await cleanUp()
    expect(await sender.send(mail)).toEqual({ ok: false, reason: 'unavailable' })
  })

  it.each([
    ['says nothing', () => undefined],
    ['hangs up', (socket: Socket) => socket.destroy()],
    ['greets and then says nothing', (socket: Socket) => socket.write('220 ready\r\n')],
    ['speaks another protocol', (socket: Socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ])('a server that %s is unavailable', async (_, greet) => {
    const { mailer: sender } = mailer(await rawServer(greet), { timeoutMs: 200, deadlineMs: 1_000 })
    expect(await sender.send(mail)).toEqual({ ok: false, reason: 'unavailable' })
  })

  it('never waits longer than the deadline, even when the server keeps the connection busy', async () => {
    const url = await rawServer((socket) => {
      const chatter = setInterval(() => socket.write('220-wait\r\n'), 20)
      socket.on('close', () => clearInterval(chatter))
    })
    const { mailer: sender, lines } = mailer(url, { timeoutMs: 60_000, deadlineMs: 200 })
    expect(await sender.send(mail)).toEqual({ ok: false, reason: 'unavailable' })
    expect(lines).toHaveLength(1)
  })
})
