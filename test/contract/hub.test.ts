import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import nodemailer from 'nodemailer'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { startSandbox } from '../../sandbox/index.ts'
import { linkSandbox } from '../../src/sandbox-link.ts'
import { onFreePorts } from '../support/ports.ts'
import { type Rig, STUDENT, startRig, TEACHER } from './google-sandbox-rig.ts'

let rig: Rig

beforeAll(async () => {
  rig = await startRig()
})
afterAll(() => rig.close())
beforeEach(() => rig.reset())

describe('the hub', () => {
  it('shows where everything is', async () => {
    const text = await (await fetch(`${rig.hub}/`)).text()
    for (const account of rig.sandbox.accounts) expect(text).toContain(account.email)
    const links = [...text.matchAll(/href="([^"]+)"/g)].map((match) => new URL(match[1]!.replaceAll('&amp;', '&'), rig.hub))
    const own = links.filter((url) => url.origin !== 'http://127.0.0.1:3000')
    expect(own.length).toBeGreaterThan(6)
    for (const url of own) expect(`${url.pathname} ${(await fetch(url)).status}`).toBe(`${url.pathname} 200`)
    expect(await (await fetch(`${rig.hub}/healthz`)).json()).toMatchObject({ ok: true })
  })

  it('names the settings that the application is to be run with', () => {
    expect(rig.sandbox.settings).toMatchObject({
      ADMIN_EMAIL: TEACHER,
      GOOGLE_ISSUER_URL: rig.google,
      GOOGLE_API_URL: `${rig.google}/`,
      MERCADO_PAGO_API_URL: rig.sandbox.urls.mercadoPago,
      MERCADO_PAGO_WEBHOOK_SECRET: 'local-sandbox-secret',
      SMTP_URL: expect.stringMatching(/^smtp:\/\/127\.0\.0\.1:\d+$/),
    })
    for (const name of ['AUTH_GOOGLE_ID', 'AUTH_GOOGLE_SECRET', 'MERCADO_PAGO_ACCESS_TOKEN', 'MAIL_FROM']) {
      expect(rig.sandbox.settings[name]).toBeTruthy()
    }
    expect(rig.sandbox.settings.MERCADO_PAGO_COLLECTOR_ID).toMatch(/^\d+$/)
    expect(rig.sandbox.accounts.filter((account) => account.role === 'admin').map((account) => account.email)).toEqual([TEACHER])
    expect(rig.sandbox.accounts.filter((account) => account.role === 'student')).toHaveLength(4)
  })

  it('names a second secret for notifications beside the first, where one is wanted', async () => {
    const other = await startSandbox({
      ports: { hub: 0, google: 0, mercadoPago: 0, smtp: 0 },
      redirectUris: [],
      appUrl: 'http://localhost:3000',
      secondSecret: 'of-another-application',
    })
    expect(other.settings.MERCADO_PAGO_WEBHOOK_SECRET).toBe('local-sandbox-secret,of-another-application')
    await other.close()
  })

  it('gives the Mercado Pago sandbox the token of the settings', async () => {
    const answer = await fetch(`${rig.sandbox.settings.MERCADO_PAGO_API_URL}/users/me`, {
      headers: { authorization: `Bearer ${rig.sandbox.settings.MERCADO_PAGO_ACCESS_TOKEN}` },
    })
    expect(await answer.json()).toMatchObject({ id: Number(rig.sandbox.settings.MERCADO_PAGO_COLLECTOR_ID) })
  })
})

describe('the clock', () => {
  const clock = (body: unknown) => rig.control('POST', '/__control/clock', body)

  it('is followed by processes elsewhere, which hear of every move', async () => {
    const link = await linkSandbox(rig.hub)
    const here = () => rig.sandbox.clock.now().getTime()
    /** The link's clock is read between two looks at ours, however long they take. */
    const isFollowed = () => {
      const [before, there, after] = [here(), link.clock.now().getTime(), here()]
      return before <= there && there <= after
    }
    expect(link).toMatchObject({ urls: { hub: rig.hub }, settings: rig.sandbox.settings })
    expect(isFollowed()).toBe(true)
    const moved = Promise.withResolvers<void>()
    link.clock.onMove(moved.resolve)
    await clock({ advanceMinutes: 600 })
    await moved.promise
    expect(isFollowed()).toBe(true)
    await link.close()
    await clock({ advanceMinutes: 600 })
    expect(isFollowed()).toBe(false)
    await expect(linkSandbox('http://127.0.0.1:9')).rejects.toThrow(/^SANDBOX_URL: en http:\/\/127\.0\.0\.1:9 no contesta ningún entorno/)
    await expect(linkSandbox(`${rig.hub}/elsewhere`)).rejects.toThrow('(HTTP 404)')
  })

  it('moves by milliseconds, by minutes and to an instant, and goes on running', async () => {
    const wanted = Date.parse('2027-01-10T13:00:00Z')
    const before = Date.now()
    const { offsetMs } = (await clock({ set: '2027-01-10T13:00:00Z' })).body
    expect(offsetMs).toBeLessThanOrEqual(wanted - before)
    expect(offsetMs).toBeGreaterThanOrEqual(wanted - Date.now())
    expect(await clock({ advanceMinutes: 90 })).toMatchObject({ status: 200 })
    const { body } = await clock({ advanceMs: 30_000 })
    expect(body.offsetMs).toBe(offsetMs + 90 * 60_000 + 30_000)
    expect(Date.parse(body.now)).toBeGreaterThanOrEqual(Date.parse('2027-01-10T14:30:30Z'))
    expect(Date.parse(body.now)).toBeLessThanOrEqual(Date.now() + body.offsetMs)
    expect((await rig.control('GET', '/__control/clock')).body.offsetMs).toBe(body.offsetMs)
    expect(rig.sandbox.clock.offsetMs).toBe(body.offsetMs)
  })

  it('tells the application of every move, and answers only after what is due has run', async () => {
    let moves = 0
    let answered = false
    const moved = Promise.withResolvers<void>()
    const stop = rig.sandbox.clock.onMove(() => {
      moves += 1
      moved.resolve()
    })
    const { google } = rig.sandbox.parts
    const tick = google.tick
    onTestFinished(() => {
      google.tick = tick
      gate.resolve()
      stop()
    })
    const started = Promise.withResolvers<void>()
    const gate = Promise.withResolvers<void>()
    google.tick = () => {
      started.resolve()
      return gate.promise
    }
    const answer = clock({ advanceMinutes: 1 }).then(({ status }) => {
      answered = true
      return status
    })
    // The sandbox does what is due every second by itself, too: that alone is no move.
    await Promise.all([moved.promise, started.promise])
    for (let n = 0; n < 5; n += 1) await rig.control('GET', '/healthz')
    expect(moves).toBe(1)
    expect(answered).toBe(false)
    gate.resolve()
    expect(await answer).toBe(200)
  })

  it.each([{}, { set: 'tomorrow' }, { advanceMs: 'x' }, { advanceMs: 1, advanceMinutes: 1 }, { advanceMs: 1e300 }])(
    'refuses %j',
    async (body) => {
      expect((await clock(body)).status).toBe(400)
    },
  )

  it('never runs two ticks at once', async () => {
    let running = 0
    let overlaps = 0
    let runs = 0
    const { google } = rig.sandbox.parts
    const tick = google.tick
    onTestFinished(() => {
      google.tick = tick
    })
    google.tick = async () => {
      running += 1
      runs += 1
      if (running > 1) overlaps += 1
      await new Promise((resolve) => setImmediate(resolve))
      running -= 1
    }
    await Promise.all(Array.from({ length: 20 }, () => rig.sandbox.tick()))
    expect(overlaps).toBe(0)
    expect(runs).toBeGreaterThanOrEqual(2)
  })
})

describe('the request log', () => {
  it('keeps what each part was asked, with filters, until it is cleared', async () => {
    await fetch(`${rig.google}/oauth2/v3/certs?x=1`)
    await fetch(`${rig.google}/token`, { method: 'POST', body: 'grant_type=none' })
    await fetch(`${rig.sandbox.urls.mercadoPago}/users/me`)
    const log = async (query = '') => (await rig.control('GET', `/__control/log${query}`)).body.requests
    expect(await log()).toHaveLength(3)
    expect(await log('?part=google')).toMatchObject([
      { method: 'GET', path: '/oauth2/v3/certs?x=1', status: 200 },
      { method: 'POST', path: '/token', status: 401, body: 'grant_type=none' },
    ])
    expect(await log('?method=post&path=/tok')).toHaveLength(1)
    expect((await rig.control('GET', '/__control/log?colour=red')).status).toBe(400)
    expect((await rig.control('DELETE', '/__control/log')).status).toBe(204)
    expect(await log()).toEqual([])
  })
})

describe('state and reset', () => {
  it('dumps everything but the private keys', async () => {
    await fetch(`${rig.google}/oauth2/v3/certs`)
    const { body } = await rig.control('GET', '/__control/state')
    expect(Object.keys(body).sort()).toEqual(['clock', 'google', 'mail', 'mercado-pago'])
    expect(body.google.accounts).toHaveLength(5)
    expect(JSON.stringify(body)).not.toContain('privateJwk')
  })

  it('forgets everything but the seeded accounts; the clock only when told', async () => {
    await rig.advance(3_600_000)
    await rig.control('POST', '/__control/google/accounts', { email: 'extra@correo.test' })
    await rig.grant(TEACHER, ['openid'])
    const { body } = await rig.control('POST', '/__control/reset')
    expect(body.offsetMs).toBe(3_600_000)
    expect((await rig.control('GET', '/__control/google/accounts')).body.accounts).toHaveLength(5)
    expect((await rig.control('GET', '/__control/google/grants')).body.grants).toEqual([])
    expect((await rig.control('POST', '/__control/reset', { clock: true })).body.offsetMs).toBe(0)
  })
})

describe('the mailbox', () => {
  const transport = () => nodemailer.createTransport(rig.sandbox.settings.SMTP_URL!)

  const switches: [what: string, fault: Record<string, unknown>, failsWith: object, kept: number][] = [
    ['refuses for now', {}, { responseCode: 451 }, 0],
    ['refuses for good', { status: 550 }, { responseCode: 550 }, 0],
    ['hangs up before it keeps a message', { kind: 'drop' }, { code: expect.any(String) }, 0],
    ['keeps a message and hangs up', { kind: 'commit-then-drop' }, { code: expect.any(String) }, 1],
    ['keeps a message and says that it did not', { kind: 'commit-then-500' }, { responseCode: 451 }, 1],
    ['says nothing, and hangs up in the end', { kind: 'hang', delayMs: 1 }, { code: expect.any(String) }, 0],
  ]
  it.each(switches)('%s when a switch says so, once', async (_what, fault, failsWith, kept) => {
    await fetch(`${rig.hub}/__control/mail/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ route: 'send', ...fault }),
    })
    const message = { from: 'a@b.test', to: 'c@d.test', subject: 'Hola', text: 'Hola' }
    await expect(transport().sendMail(message)).rejects.toMatchObject(failsWith)
    expect(rig.sandbox.parts.mailbox.mails()).toHaveLength(kept)
    await transport().sendMail(message)
    expect(rig.sandbox.parts.mailbox.mails()).toHaveLength(kept + 1)
  })
  const mail = {
    from: 'HablaInglesYa <clases@hablainglesya.test>',
    to: [`Sofía <${STUDENT}>`, 'otra@correo.test'],
    subject: 'Tu clase está confirmada: ¡nos vemos!',
    text: 'Hola Sofía',
    html: '<p>Hola <strong>Sofía</strong></p><script>document.title = "x"</script>',
    headers: { 'X-Notice-ID': 'n-1' },
    attachments: [{ filename: 'clase.ics', content: 'BEGIN:VCALENDAR\r\n', contentType: 'text/calendar; method=REQUEST' }],
  }

  it('takes mail over SMTP and keeps all of it', async () => {
    await transport().sendMail(mail)
    const { body } = await rig.control('GET', `/__control/mail?to=${STUDENT}`)
    expect(body.mails).toHaveLength(1)
    expect(body.mails[0]).toMatchObject({
      from: 'HablaInglesYa <clases@hablainglesya.test>',
      envelope: { to: [STUDENT, 'otra@correo.test'] },
      subject: mail.subject,
      text: 'Hola Sofía\n',
      attachments: [
        {
          filename: 'clase.ics',
          mimeType: 'text/calendar',
          method: 'REQUEST',
          contentBase64: Buffer.from('BEGIN:VCALENDAR\n').toString('base64'),
        },
      ],
    })
    expect(body.mails[0].headers).toContainEqual({ name: 'X-Notice-ID', value: 'n-1' })
    expect((await rig.control('GET', '/__control/mail?to=nobody@correo.test')).body.mails).toEqual([])
  })

  it('shows a mail without letting it run or load anything', async () => {
    await transport().sendMail(mail)
    const [{ id }] = (await rig.control('GET', '/__control/mail')).body.mails
    expect(await (await fetch(`${rig.hub}/mailbox`)).text()).toContain(`/mailbox/${id}`)
    const page = await (await fetch(`${rig.hub}/mailbox/${id}`)).text()
    expect(page).toContain('Hola Sofía')
    expect(page).toContain('X-Notice-ID: n-1')
    expect(page).toMatch(/<iframe[^>]+sandbox="(?![^"]*allow-scripts)/)
    expect(page).not.toContain('<script>')
    const html = await fetch(`${rig.hub}/mailbox/${id}/html`)
    expect(html.headers.get('content-security-policy')).toMatch(/^sandbox (?!.*allow-scripts).*default-src 'none'/)
    const attachment = await fetch(`${rig.hub}/mailbox/${id}/attachments/0`)
    expect(attachment.headers.get('content-disposition')).toContain('attachment')
    expect(await attachment.text()).toBe('BEGIN:VCALENDAR\n')
    expect((await fetch(`${rig.hub}/mailbox/${id}/attachments/9`)).status).toBe(404)
    expect((await fetch(`${rig.hub}/mailbox/999999`)).status).toBe(404)
  })

  it('refuses what is too big and goes on working', async () => {
    await expect(transport().sendMail({ ...mail, text: 'x'.repeat(6_000_000) })).rejects.toMatchObject({ responseCode: 552 })
    await transport().sendMail(mail)
    expect((await rig.control('GET', '/__control/mail')).body.mails).toHaveLength(1)
  })

  it('keeps the last 500', async () => {
    for (let n = 0; n < 502; n += 1) {
      const raw = new TextEncoder().encode(`Subject: mail ${n}\r\n\r\nx`)
      await rig.sandbox.parts.mailbox.receive(raw, { from: 'a@b.test', to: ['c@d.test'] })
    }
    const { mails } = (await rig.control('GET', '/__control/mail')).body
    expect(mails).toHaveLength(500)
    expect([mails[0].subject, mails[499].subject]).toEqual(['mail 501', 'mail 2'])
    expect((await rig.control('DELETE', '/__control/mail')).status).toBe(204)
  })
})

describe('the guard', () => {
  /** A request whose Host header says something else than where it went. */
  const withHost = (origin: string, host: string) =>
    new Promise<number>((resolve, reject) => {
      httpRequest(`${origin}/healthz`, { headers: { host } }, (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
        .on('error', reject)
        .end()
    })

  it('answers loopback hosts only, on every port', async () => {
    const { port } = new URL(rig.hub)
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, 'localhost'])
      expect(await withHost(rig.hub, host)).toBe(200)
    for (const host of ['evil.example', `127.0.0.1.evil.example:${port}`, 'localhost.evil.example', '10.0.0.1']) {
      expect(await withHost(rig.hub, host)).toBe(403)
      expect(await withHost(rig.google, host)).toBe(403)
      expect(await withHost(rig.sandbox.urls.mercadoPago, host)).toBe(403)
    }
  })

  it('refuses changes from pages of another origin', async () => {
    const move = (headers: Record<string, string>) =>
      fetch(`${rig.hub}/__control/clock`, { method: 'POST', headers, body: '{"advanceMs":1}' }).then((answer) => answer.status)
    expect(await move({})).toBe(200)
    expect(await move({ origin: rig.hub })).toBe(200)
    expect(await move({ origin: 'http://evil.example' })).toBe(403)
    expect(await move({ origin: 'null' })).toBe(403)
    expect(await move({ origin: 'http://127.0.0.1:3000' })).toBe(403)
    expect(await move({ 'sec-fetch-site': 'cross-site' })).toBe(403)
  })
})

describe('starting', () => {
  it('names the port that is taken and leaves nothing open', async () => {
    /** Servers of this process that listen anywhere. */
    const listening = () => process.getActiveResourcesInfo().filter((resource) => resource === 'TCPServerWrap').length
    const before = listening()
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    const options = { redirectUris: [], appUrl: 'http://127.0.0.1:3000' }
    const start = (taken: Partial<Record<'hub' | 'google' | 'mercadoPago' | 'smtp', number>>) =>
      startSandbox({ ...options, ports: { hub: 0, google: 0, mercadoPago: 0, smtp: 0, ...taken } })
    await expect(start({ google: port })).rejects.toThrow(`cannot open port ${port} on 127.0.0.1 for Google: it is already in use`)
    await expect(start({ smtp: port })).rejects.toThrow(
      `cannot open port ${port} on 127.0.0.1 for the mailbox (SMTP): it is already in use`,
    )
    await new Promise((resolve) => other.close(resolve))
    await expect.poll(listening).toBe(before)
    await onFreePorts(1, async (wanted) => {
      const free = await start({ google: wanted })
      expect(free.urls.google).toBe(`http://127.0.0.1:${wanted}`)
      await free.close()
    })
  })
})
