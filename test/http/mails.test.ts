import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sendNoticeJob } from '../../src/features/notice/commands.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/kernel/clock.ts'
import { checkout, confirmedClass, slot } from '../support/booking.ts'
import { classFor, freshSlots, later, meetUrlOf } from '../support/scene.ts'
import { BASE_URL, type Client, MONDAY_9H, openWorld, type World } from '../support/world.ts'

interface ReceivedMail {
  subject: string
  text: string
  html: string
  headers: { name: string; value: string }[]
  attachments: { filename: string; mimeType: string; method?: string; contentBase64: string }[]
}

const slotOf = freshSlots('2026-11-26')

describe('mails that time and money bring about (behaviour 7)', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())
  beforeEach(() => world.clock.set(MONDAY_9H))

  let people = 0
  async function person(name?: string): Promise<{ client: Client; email: string }> {
    people += 1
    const email = `quien.lee.${people}@correo.test`
    return { client: await world.signIn(email, name), email }
  }

  /** Mails to that address whose subject begins so, the oldest first. */
  async function mailsTo(email: string, subject = ''): Promise<ReceivedMail[]> {
    const { mails } = (await world.control(`/mail?to=${email}`)) as unknown as { mails: ReceivedMail[] }
    return mails.toReversed().filter((mail) => mail.subject.startsWith(subject))
  }

  async function at(instant: string): Promise<void> {
    world.clock.set(instant)
    await world.settle()
  }

  describe('reminders', () => {
    it('a day and an hour before, once each, without link or code', async () => {
      const { client, email } = await person()
      const { start, end } = slotOf()
      const { classId, code } = await confirmedClass(world, client, { start, end }, { isGroupClass: true, studentsCount: 2 })
      await at(later(start, -DAY_MS - MINUTE_MS))
      expect(await mailsTo(email, 'Recordatorio')).toEqual([])
      await at(later(start, -DAY_MS))
      await at(later(start, -DAY_MS + 30 * MINUTE_MS))
      await at(later(start, -HOUR_MS))
      await at(later(start, -HOUR_MS + 30 * MINUTE_MS))
      const mails = (await mailsTo(email)).slice(1)
      expect(mails.map(({ subject }) => subject.split(/[: ]/)[0])).toEqual(['Recordatorio', 'Tu'])
      for (const { text, html, attachments } of mails) {
        for (const secret of [code, await meetUrlOf(world, classId), '/meet/']) expect(text + html).not.toContain(secret)
        expect(attachments).toEqual([])
      }
    })

    it('a class that was moved is reminded of at its new hour only; one that was cancelled is not', async () => {
      const { client, email } = await person()
      const first = slotOf()
      const { classId } = await confirmedClass(world, client, first)
      await at(later(first.start, -DAY_MS))
      expect(await mailsTo(email, 'Recordatorio')).toHaveLength(1)
      const next = slot('2026-12-04', '15:00')
      expect((await client.post(`/api/classes/${classId}/reschedule`, next)).status).toBe(200)
      await at(later(first.start, -HOUR_MS))
      expect(await mailsTo(email, 'Tu clase empieza')).toEqual([])
      await at(later(next.start, -DAY_MS))
      expect(await mailsTo(email, 'Recordatorio')).toHaveLength(2)
      await client.post(`/api/classes/${classId}/cancel`)
      await at(later(next.start, -HOUR_MS))
      expect(await mailsTo(email, 'Tu clase empieza')).toEqual([])
    })

    it('moved between writing and sending: the reminder is overtaken', async () => {
      const { client, email } = await person()
      const { start, end } = slotOf()
      const { classId } = await confirmedClass(world, client, { start, end })
      await at(later(start, -DAY_MS))
      await world.rows(`UPDATE notice SET state = 'queued' WHERE class_id = $1 AND kind = 'reminder-24h'`, [classId])
      await world.rows('UPDATE virtual_class SET move_count = move_count + 1 WHERE id = $1', [classId])
      const [row] = await world.rows<{ id: string }>(`SELECT id FROM notice WHERE class_id = $1 AND kind = 'reminder-24h'`, [classId])
      await sendNoticeJob.run(world.deps, { noticeId: row?.id ?? '' })
      expect(await mailsTo(email, 'Recordatorio')).toHaveLength(1)
      expect(await world.rows(`SELECT state, last_error FROM notice WHERE id = $1`, [row?.id])).toEqual([
        { state: 'skipped', last_error: 'overtaken' },
      ])
    })

    it('booked with less than a day to go: only the hour before; a guest who stayed through a move is reminded, too', async () => {
      const { host, classId, code, start } = await classFor(world, 2, slotOf())
      const guest = await person('Eva Gil')
      world.clock.set(later(start, -30 * MINUTE_MS))
      expect((await guest.client.post('/api/access-code', { accessCode: code })).status).toBe(200)
      await world.settle()
      expect(await mailsTo(guest.email)).toEqual([])
      const next = slot('2026-12-07', '11:00')
      expect((await (await world.admin()).post(`/api/classes/${classId}/reschedule`, next)).status).toBe(200)
      await world.settle()
      await at(later(next.start, -DAY_MS))
      await at(later(next.start, -HOUR_MS))
      expect((await mailsTo(guest.email)).map(({ subject }) => subject.split(':')[0])).toEqual([
        'Clase reprogramada',
        'Recordatorio',
        'Tu clase empieza a las 11',
      ])
      expect(host).toBeDefined()

      const late = await person()
      const soon = slot('2026-12-08', '10:00')
      world.clock.set(later(soon.start, -20 * HOUR_MS))
      await confirmedClass(world, late.client, soon)
      await at(later(soon.start, -19 * HOUR_MS))
      await at(later(soon.start, -HOUR_MS))
      expect((await mailsTo(late.email)).map(({ subject }) => subject.split(/[: ]/)[0])).toEqual(['Clase', 'Tu'])
    })

    it('down meanwhile: the day before up to six hours late, the hour before until the start', async () => {
      const { client, email } = await person()
      const soon = slotOf()
      await confirmedClass(world, client, soon)
      await at(later(soon.start, -18 * HOUR_MS - MINUTE_MS))
      expect(await mailsTo(email, 'Recordatorio')).toHaveLength(1)
      await at(later(soon.start, -MINUTE_MS))
      expect(await mailsTo(email, 'Tu clase empieza')).toHaveLength(1)

      const other = await person()
      const missed = slotOf()
      world.clock.set(MONDAY_9H)
      await confirmedClass(world, other.client, missed)
      await at(later(missed.start, -18 * HOUR_MS))
      await at(missed.start)
      expect(await mailsTo(other.email)).toHaveLength(1)
    })
  })

  describe('the end of reminders', () => {
    async function reminderTo(email: string, client: Client): Promise<ReceivedMail | undefined> {
      const { start, end } = slotOf()
      world.clock.set(MONDAY_9H)
      await confirmedClass(world, client, { start, end })
      await at(later(start, -DAY_MS))
      return (await mailsTo(email)).filter(({ subject }) => /^(Recordatorio|Reminder)/.test(subject)).at(-1)
    }
    const header = (mail: ReceivedMail | undefined, name: string) => mail?.headers.find((one) => one.name === name)?.value ?? ''
    const pathOf = (mail: ReceivedMail | undefined) => header(mail, 'List-Unsubscribe').replace(/^<|>$/g, '').replace(BASE_URL, '')

    it('one request of the mail program ends them, without login; looking at the address does not (RFC 8058)', async () => {
      const { client, email } = await person()
      const mail = await reminderTo(email, client)
      const path = pathOf(mail)
      expect(header(mail, 'List-Unsubscribe-Post')).toBe('List-Unsubscribe=One-Click')
      for (const body of [mail?.text, mail?.html]) expect(body).toContain(BASE_URL + path)
      const asked = await world.anonymous.get(path)
      expect([asked.status, (await asked.text()).includes('No recibir más')]).toEqual([200, true])
      await reminderTo(email, client)
      expect(await mailsTo(email, 'Recordatorio')).toHaveLength(2)
      for (let times = 0; times < 2; times++) {
        const from = { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://mail.example' }
        const ended = await world.anonymous.send('POST', path, 'List-Unsubscribe=One-Click', from)
        expect([ended.status, (await ended.text()).includes('no te mandamos más el recordatorio del día antes')]).toEqual([200, true])
      }
      expect(
        await world.rows(
          `SELECT detail FROM audit_log a JOIN app_user u ON u.id = a.actor_id WHERE action = 'mails.end' AND u.email = $1`,
          [email],
        ),
      ).toEqual([{ detail: { choice: 'dayBefore' } }])
      await reminderTo(email, client)
      expect(await mailsTo(email, 'Recordatorio')).toHaveLength(2)
      expect(
        await world.rows(
          `SELECT n.last_error FROM notice n JOIN app_user u ON u.id = n.user_id WHERE u.email = $1 AND n.state = 'skipped'`,
          [email],
        ),
      ).toEqual([{ last_error: 'not wanted' }])
    })

    it('an address that was altered ends nothing; mails about bookings have none', async () => {
      const { client, email } = await person()
      const path = pathOf(await reminderTo(email, client))
      for (const altered of [path.slice(0, -1), path.replace('dayBefore', 'hourBefore'), '/mails/baja', '/mails/baja?t=a.b.c'])
        expect((await world.anonymous.send('POST', altered, 'List-Unsubscribe=One-Click')).status).toBe(404)
      const choices = await world.rows('SELECT mail_day_before AS day, mail_hour_before AS hour FROM app_user WHERE email = $1', [email])
      expect(choices).toEqual([{ day: true, hour: true }])
      expect(pathOf((await mailsTo(email, 'Clase confirmada'))[0])).toBe('')
    })

    it('whoever reads English is written to in English', async () => {
      const { client, email } = await person()
      await world.rows(`UPDATE app_user SET locale = 'en' WHERE email = $1`, [email])
      expect((await reminderTo(email, client))?.subject).toMatch(/^Reminder: your class is tomorrow/)
      expect(await mailsTo(email, 'Class confirmed: ')).toHaveLength(1)
    })
  })

  it('a link that takes long: first that the payment is in, then the confirmation', async () => {
    const { client, email } = await person()
    await world.control('/google/faults', { route: 'events.insert', kind: 'error', status: 503, count: 30 })
    const { preferenceId } = await checkout(client, slotOf())
    await world.control('/mercado-pago/pay', { preferenceId })
    await world.settle()
    world.clock.advance(4 * MINUTE_MS)
    await world.settle()
    expect(await mailsTo(email)).toEqual([])
    world.clock.advance(2 * MINUTE_MS)
    await world.settle()
    expect((await mailsTo(email)).map(({ subject }) => subject)).toEqual(['Tu pago fue aprobado: estamos preparando tu clase'])
    await world.control('/google/faults', undefined, 'DELETE')
    world.clock.advance(HOUR_MS)
    await world.settle()
    expect((await mailsTo(email)).map(({ subject }) => subject.split(':')[0])).toEqual(['Tu pago fue aprobado', 'Clase confirmada'])
  })

  describe('payments', () => {
    it('rejected twice for the same reason: one mail with the way to try again; then the hold ends', async () => {
      const { client, email } = await person()
      const { preferenceId } = await checkout(client, slotOf())
      for (let times = 0; times < 2; times++) {
        await world.control('/mercado-pago/pay', { preferenceId, holder: 'FUND' })
        await world.settle()
      }
      expect(await mailsTo(email)).toEqual([])
      world.clock.advance(3 * MINUTE_MS)
      await world.settle()
      const [mail, ...others] = await mailsTo(email)
      expect(others).toEqual([])
      expect(mail?.text).toContain('no tiene saldo o límite suficiente')
      const [, path] = mail?.text.match(/Reintentar el pago: https?:\/\/[^/]+(\S+)/) ?? []
      expect(await (await client.get(path ?? '/')).text()).toContain('sigue guardado')
      world.clock.advance(20 * MINUTE_MS)
      await world.settle()
      expect((await mailsTo(email)).map(({ subject }) => subject.split(':')[0])).toEqual([
        'Tu pago no se aprobó',
        'Tu reserva venció sin pago',
      ])
    })

    it('rejected, then paid: nothing but the confirmation', async () => {
      const { client, email } = await person()
      const { preferenceId } = await checkout(client, slotOf())
      await world.control('/mercado-pago/pay', { preferenceId, holder: 'FUND' })
      await world.settle()
      await world.control('/mercado-pago/pay', { preferenceId })
      await world.settle()
      world.clock.advance(30 * MINUTE_MS)
      await world.settle()
      expect((await mailsTo(email)).map(({ subject }) => subject.split(':')[0])).toEqual(['Clase confirmada'])
    })

    it('in process: told once, and not after it was approved', async () => {
      const { client, email } = await person()
      const { preferenceId } = await checkout(client, slotOf())
      const { payment } = (await world.control('/mercado-pago/pay', { preferenceId, holder: 'OTHE' })) as { payment: { id: string } }
      await world.control(`/mercado-pago/payments/${payment.id}/status`, { status: 'in_process', detail: 'pending_contingency' })
      await world.settle()
      for (let times = 0; times < 2; times++) {
        world.clock.advance(3 * MINUTE_MS)
        await world.settle()
      }
      expect((await mailsTo(email)).map(({ subject }) => subject)).toEqual(['Tu pago está en proceso'])
      await world.control(`/mercado-pago/payments/${payment.id}/approve`, {})
      await world.settle()
      expect((await mailsTo(email)).map(({ subject }) => subject.split(':')[0])).toEqual(['Tu pago está en proceso', 'Clase confirmada'])
    })

    it('a hold that nobody tried to pay ends in silence', async () => {
      const { client, email } = await person()
      await checkout(client, slotOf())
      world.clock.advance(HOUR_MS)
      await world.settle()
      expect(await mailsTo(email)).toEqual([])
    })
  })

  it('cancelled: the calendar file takes the class away under the same UID, with a higher sequence', async () => {
    const { client, email } = await person()
    const { classId } = await confirmedClass(world, client, slotOf())
    await client.post(`/api/classes/${classId}/cancel`)
    await world.settle()
    const files = await Promise.all(
      ['Clase confirmada', 'Clase cancelada'].map(async (subject) => {
        const [mail] = await mailsTo(email, subject)
        return Buffer.from(mail?.attachments[0]?.contentBase64 ?? '', 'base64')
          .toString()
          .split(/\r?\n/)
      }),
    )
    const [made, gone] = files.map((lines) => (name: string) => lines.find((line) => line.startsWith(`${name}:`)))
    expect([made?.('METHOD'), gone?.('METHOD')]).toEqual(['METHOD:PUBLISH', 'METHOD:CANCEL'])
    expect([made?.('SEQUENCE'), gone?.('SEQUENCE')]).toEqual(['SEQUENCE:0', 'SEQUENCE:1'])
    expect(gone?.('UID')).toBe(made?.('UID'))
    expect(gone?.('STATUS')).toBe('STATUS:CANCELLED')
    expect(files.flat().filter((line) => line.startsWith('ATTENDEE'))).toEqual([])
  })

  it('a refund that takes longer is told to be on its way, then made', async () => {
    const { client, email } = await person()
    const { classId } = await confirmedClass(world, client, slotOf())
    await world.control('/mercado-pago/faults', { route: 'refund.create', kind: 'error', status: 503, count: 100 })
    await client.post(`/api/classes/${classId}/cancel`)
    await world.settle()
    world.clock.advance(3 * MINUTE_MS)
    await world.settle()
    expect((await mailsTo(email)).map(({ subject }) => subject.split(':')[0]).slice(1)).toEqual([
      'Clase cancelada',
      'Tu reembolso está en camino',
    ])
    await world.control('/mercado-pago/faults', undefined, 'DELETE')
    world.clock.advance(HOUR_MS)
    await world.settle()
    expect((await mailsTo(email, 'Te devolvimos')).map(({ text }) => text.includes('$15.000 ARS'))).toEqual([true])
  })
})
