import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sendNoticeJob } from '../../src/features/notice/commands.ts'
import { HOUR_MS } from '../../src/kernel/clock.ts'
import { checkout, confirmedClass, slot } from '../support/booking.ts'
import { classFor, expectCleanLog, freshSlots, later, meetUrlOf, newcomer } from '../support/scene.ts'
import { BASE_URL, type Client, MONDAY_9H, openWorld, type World } from '../support/world.ts'

interface ReceivedMail {
  subject: string
  text: string
  html: string
  headers: Record<string, string> | { key: string; value: string }[]
  attachments: { filename: string; mimeType: string; contentBase64: string }[]
}

const slotOf = freshSlots()

let people = 0
async function person(world: World, name?: string): Promise<{ client: Client; email: string }> {
  people += 1
  const email = `lector.${people}@correo.test`
  return { client: await world.signIn(email, name), email }
}

describe('messages to people (behaviour 7)', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld({ env: { JOIN_LEAD_MINUTES: '45' } })
  })
  afterAll(() => world.close())
  beforeEach(() => world.clock.set(MONDAY_9H))

  async function mailsTo(email: string): Promise<ReceivedMail[]> {
    const { mails } = (await world.control(`/mail?to=${email}`)) as unknown as { mails: ReceivedMail[] }
    return mails.toReversed()
  }

  it('confirmation of a group: the day in Argentina and the code, never the link', async () => {
    const { client, email } = await person(world, 'Ana Ruiz')
    const { classId, code } = await confirmedClass(world, client, slot('2026-11-26', '20:00'), { isGroupClass: true, studentsCount: 3 })
    const [mail, ...others] = await mailsTo(email)
    expect(others).toEqual([])
    expect(mail?.subject).toBe('Clase confirmada: jueves 26 de noviembre, 20:00 a 21:00 hs')
    for (const text of [mail?.text, mail?.html]) {
      expect(text).toContain('Hola, Ana:')
      expect(text).toContain('jueves 26 de noviembre, 20:00 a 21:00 hs')
      expect(text).toContain(code)
      expect(text).toContain('45 minutos antes')
      expect(text).toContain(`${BASE_URL}/inicio/mis-clases-virtuales`)
      expect(text).not.toContain(await meetUrlOf(world, classId))
      expect(text).not.toContain('/meet/')
      expect(text).toContain('Clase grupal para 3 personas.')
      expect(text).toContain('Pagaste $36.000 ARS. ID de pago:')
    }
    expect(mail?.attachments.map(({ filename, mimeType }) => [filename, mimeType])).toEqual([['clase-de-ingles.ics', 'text/calendar']])
    const file = Buffer.from(mail?.attachments[0]?.contentBase64 ?? '', 'base64').toString()
    expect(file).toContain('DTSTART;TZID=America/Argentina/Buenos_Aires:20261126T200000')
    expect(file).not.toContain(code)
  })

  it('confirmation of an individual class: without the code, which would be of no use', async () => {
    const { client, email } = await person(world)
    const { code } = await confirmedClass(world, client, slotOf())
    const [mail] = await mailsTo(email)
    expect(mail?.subject).toMatch(/^Clase confirmada/)
    expect(`${mail?.text}${mail?.html}`).not.toContain(code)
  })

  it('one message however often its cause is repeated', async () => {
    const { client, email } = await person(world)
    const { preferenceId } = await confirmedClass(world, client, slotOf())
    for (let times = 0; times < 3; times++) await (await world.admin()).post('/api/calendar', { preferenceId })
    await world.settle()
    expect(await mailsTo(email)).toHaveLength(1)
  })

  it('a job that runs twice sends once', async () => {
    const { client, email } = await person(world)
    const { classId } = await confirmedClass(world, client, slotOf())
    const [sent] = await world.rows<{ id: string; state: string }>('SELECT id, state FROM notice WHERE class_id = $1', [classId])
    expect(sent?.state).toBe('sent')
    await sendNoticeJob.run(world.deps, { noticeId: sent?.id ?? '' })
    expect(await mailsTo(email)).toHaveLength(1)
  })

  it('cancelled with and without refund, and the money that went back', async () => {
    const { client, email } = await person(world)
    const early = await confirmedClass(world, client, slotOf())
    await client.post(`/api/classes/${early.classId}/cancel`)
    await world.settle()
    const withRefund = (await mailsTo(email)).slice(1)
    expect(withRefund.map(({ subject }) => subject.split(':')[0]).sort()).toEqual(['Clase cancelada', 'Te devolvimos tu pago'])
    expect(withRefund.find(({ subject }) => subject.startsWith('Clase cancelada'))?.text).toContain(
      'Te devolvemos el total por Mercado Pago.',
    )
    expect(withRefund.find(({ subject }) => subject.startsWith('Te devolvimos'))?.text).toContain('Importe: $15.000 ARS')

    const late = slotOf()
    const { classId } = await confirmedClass(world, client, late)
    world.clock.set(later(late.start, -HOUR_MS))
    await client.post(`/api/classes/${classId}/cancel`)
    await world.settle()
    const last = (await mailsTo(email)).at(-1)
    expect(last?.subject).toMatch(/^Clase cancelada/)
    expect(last?.text).toContain('No corresponde reembolso.')
  })

  it('guests get no mail with the code, and nobody is told about an unpaid hold', async () => {
    const { code, start } = await classFor(world, 2, slotOf())
    const guest = await person(world)
    world.clock.set(start)
    await guest.client.post('/api/access-code', { accessCode: code })
    world.clock.set(MONDAY_9H)
    const held = await checkout(guest.client, slotOf())
    await guest.client.post(`/api/classes/${held.classId}/cancel`)
    await world.settle()
    expect(await mailsTo(guest.email)).toEqual([])
  })

  it('a confirmation that was overtaken by a cancellation is never sent', async () => {
    const { client, email } = await person(world)
    const held = await checkout(client, slotOf())
    await world.control('/mercado-pago/pay', { preferenceId: held.preferenceId })
    await world.control('/google/faults', { route: 'events.insert', kind: 'error', status: 503 })
    await world.settle()
    expect((await (await world.admin()).post('/api/calendar', { preferenceId: held.preferenceId })).status).toBe(200)
    expect((await client.post(`/api/classes/${held.classId}/cancel`)).status).toBe(200)
    await world.settle()
    expect((await mailsTo(email)).map(({ subject }) => subject.split(':')[0]).sort()).toEqual(['Clase cancelada', 'Te devolvimos tu pago'])
    const [row] = await world.rows(`SELECT state, last_error FROM notice WHERE kind = 'class-confirmed' AND class_id = $1`, [held.classId])
    expect(row).toEqual({ state: 'skipped', last_error: 'overtaken' })
  })

  it('a hostile name is text, in the mail too', async () => {
    const { client, email } = await person(world, '<img/src=x/onerror=alert(1)> "Ana"')
    await confirmedClass(world, client, slotOf())
    const [mail] = await mailsTo(email)
    expect(mail?.html).not.toContain('<img')
    expect(mail?.text).toContain('Hola, <img/src=x/onerror=alert(1)>:')
  })

  it('nothing of it is logged', () => expectCleanLog(world))
})

describe('a mail server in trouble', () => {
  let world: World
  let server: SMTPServer
  let answer: number | null = null
  const taken: string[] = []
  beforeAll(async () => {
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onRcptTo: (_address, _session, done) =>
        done(answer === null ? undefined : Object.assign(new Error('not now'), { responseCode: answer })),
      onData(stream, _session, done) {
        let raw = ''
        stream.setEncoding('utf8')
        stream.on('data', (chunk: string) => {
          raw += chunk
        })
        stream.on('end', () => {
          taken.push(raw)
          done()
        })
      },
    })
    server.on('error', () => undefined)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    world = await openWorld({ env: { SMTP_URL: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}` } })
  })
  afterAll(async () => {
    await world.close()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  })
  beforeEach(() => {
    world.clock.set(MONDAY_9H)
    answer = null
    taken.length = 0
  })

  async function notice(classId: string): Promise<{ state: string; attempts: number; id: string } | undefined> {
    const [row] = await world.rows<{ state: string; attempts: number; id: string }>(
      'SELECT id, state, attempts FROM notice WHERE class_id = $1',
      [classId],
    )
    return row
  }

  /** Moves the clock to the next attempt and makes it. Returns the pause. */
  async function nextAttempt(): Promise<number> {
    const [next] = await world.rows<{ at: Date }>(
      `SELECT min(start_after) AS at FROM pgboss.job WHERE name = 'notice.send' AND state < 'active'`,
    )
    const pause = new Date(next!.at).getTime() - world.clock.now().getTime()
    world.clock.set(new Date(next!.at))
    await world.settle()
    return pause
  }

  it('busy: sent later, with growing pauses, once and under one Message-ID; the class is confirmed all the same', async () => {
    answer = 451
    const { classId } = await confirmedClass(world, await newcomer(world), slotOf())
    expect(await notice(classId)).toMatchObject({ state: 'queued', attempts: 1 })
    const pauses = [await nextAttempt(), await nextAttempt(), await nextAttempt()]
    expect(pauses[1]).toBeGreaterThan(pauses[0]!)
    expect(pauses[2]).toBeGreaterThan(pauses[1]!)
    answer = null
    await nextAttempt()
    expect(await notice(classId)).toMatchObject({ state: 'sent' })
    expect(taken).toHaveLength(1)
    expect(taken[0]).toContain(`Message-ID: <${(await notice(classId))?.id}@`)
  })

  it('refused for good: not tried again by itself; the teacher sees it and sends it again', async () => {
    answer = 550
    const { classId } = await confirmedClass(world, await newcomer(world), slotOf())
    expect(await notice(classId)).toMatchObject({ state: 'failed', attempts: 1 })
    answer = null
    world.clock.advance(24 * HOUR_MS)
    await world.settle()
    expect(taken).toEqual([])

    const admin = await world.admin()
    const cases = () =>
      world.rows<{ id: string }>(
        `SELECT id FROM attention_case WHERE reason = 'notice_failed' AND subject_id = $1 AND resolved_at IS NULL`,
        [notices[0]?.id ?? ''],
      )
    const notices = [await notice(classId)]
    const [open] = await cases()
    expect(await (await admin.get('/admin')).text()).toContain(`/admin/casos/${open?.id}/reintentar`)
    answer = 550
    expect((await admin.submit(`/admin/casos/${open?.id}/reintentar`, {})).headers.get('location')).toBe('/admin?ok=reintentando')
    await world.settle()
    expect(await cases()).toEqual([open])
    answer = null
    await admin.submit(`/admin/casos/${open?.id}/reintentar`, {})
    await world.settle()
    expect(taken).toHaveLength(1)
    expect(await notice(classId)).toMatchObject({ state: 'sent' })
    expect(await cases()).toEqual([])
    expect((await admin.submit(`/admin/casos/${open?.id}/reintentar`, {})).status).toBe(404)
  })

  it('out of order for long: given up after twelve attempts, and the log says so without the address', async () => {
    answer = 451
    const { classId } = await confirmedClass(world, await newcomer(world), slotOf())
    for (let attempts = 2; attempts <= 12; attempts++) await nextAttempt()
    expect(await notice(classId)).toMatchObject({ state: 'failed', attempts: 12 })
    expect(world.logged.some(({ message }) => message === 'notice could not be sent')).toBe(true)
    await expectCleanLog(world)
  })
})

describe('without a mail server', () => {
  it('notices stay inside the product, and nothing waits', async () => {
    const world = await openWorld({ env: { SMTP_URL: '', MAIL_FROM: '' } })
    try {
      const { classId } = await confirmedClass(world, await newcomer(world), slotOf())
      expect(await world.rows('SELECT state, last_error FROM notice WHERE class_id = $1', [classId])).toEqual([
        { state: 'skipped', last_error: 'no mail configured' },
      ])
    } finally {
      await world.close()
    }
  })
})
