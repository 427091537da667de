import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import nodemailer from 'nodemailer'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CLASS_ID, classEvent, type Rig, STUDENT, startRig, TEACHER, TEACHER_SCOPES, token } from './google-sandbox-rig.ts'

let folder: string
let dataFile: string
let rig: Rig | undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-'))
  dataFile = join(folder, 'deep', 'sandbox.json')
})
afterEach(async () => {
  await rig?.close()
  rig = undefined
  await rm(folder, { recursive: true })
})

async function start(): Promise<Rig> {
  await rig?.close()
  rig = undefined
  rig = await startRig({ dataFile })
  return rig
}

describe('the memory of the sandbox', () => {
  it('survives a restart: accounts, grants, keys, events, mails, the clock', async () => {
    const first = await start()
    await first.advance(7_200_000)
    await first.control('POST', '/__control/google/accounts', { email: 'extra@correo.test' })
    const { refresh_token, access_token } = await first.grant(TEACHER, TEACHER_SCOPES)
    await first.calendarWith(access_token).events.insert({
      calendarId: 'primary',
      conferenceDataVersion: 1,
      requestBody: classEvent(first, { conferenceData: { createRequest: { requestId: 'r-1' } } }),
    })
    await nodemailer
      .createTransport(first.sandbox.settings.SMTP_URL!)
      .sendMail({ from: 'a@b.test', to: STUDENT, subject: 'Hola', text: 'x' })
    const event = (await first.calendarWith(access_token).events.get({ calendarId: 'primary', eventId: CLASS_ID })).data
    const keys = await (await fetch(`${first.google}/oauth2/v3/certs`)).text()

    const second = await start()
    expect(second.sandbox.clock.offsetMs).toBe(7_200_000)
    expect((await second.control('GET', '/__control/google/accounts')).body.accounts).toHaveLength(6)
    expect(await (await fetch(`${second.google}/oauth2/v3/certs`)).text()).toBe(keys)
    expect((await token(second, { grant_type: 'refresh_token', refresh_token })).status).toBe(200)
    const again = (await second.calendarWith(access_token).events.get({ calendarId: 'primary', eventId: CLASS_ID })).data
    expect(again).toMatchObject({ etag: event.etag, conferenceData: { conferenceId: event.conferenceData?.conferenceId } })
    expect((await second.control('GET', '/__control/mail')).body.mails).toMatchObject([{ subject: 'Hola' }])
  })

  it('holds what was answered before the answer is there, so that killing the process forgets nothing', async () => {
    const running = await start()
    const { access_token } = await running.grant(TEACHER, TEACHER_SCOPES)
    await running.calendarWith(access_token).events.insert({ calendarId: 'primary', requestBody: classEvent(running) })
    expect(await readFile(dataFile, 'utf8')).toContain(CLASS_ID)
    expect((await running.control('POST', '/__control/google/accounts', { email: 'killed@correo.test' })).status).toBe(201)
    expect(await readFile(dataFile, 'utf8')).toContain('killed@correo.test')
  })

  it('is written while it runs, as a whole, readable by its owner only', async () => {
    const { sandbox, ...running } = await start()
    await running.grant(TEACHER, ['openid'])
    await expect.poll(() => readFile(dataFile, 'utf8').catch(() => '{}')).toContain('refreshTokens')
    const stored = JSON.parse(await readFile(dataFile, 'utf8'))
    expect(stored).toMatchObject({ version: 1, clockOffsetMs: 0 })
    expect(Object.keys(stored.parts).sort()).toEqual(['google', 'mail', 'mercado-pago'])
    expect(sandbox.parts.google.snapshot()).toMatchObject({ accounts: stored.parts.google.accounts })
  })

  it.each([
    ['half a file', '{"version":1,"par'],
    ['another shape', '{"version":1,"clockOffsetMs":0,"parts":{"google":{"accounts":1}}}'],
    ['another version', '{"version":99,"clockOffsetMs":0,"parts":{}}'],
  ])('starts fresh from %s and keeps it aside', async (_name, content) => {
    await (await start()).close()
    rig = undefined
    await writeFile(dataFile, content)
    const fresh = await start()
    expect((await fresh.control('GET', '/__control/google/accounts')).body.accounts).toHaveLength(5)
    const aside = (await readdir(join(folder, 'deep'))).find((name) => name.startsWith('sandbox.json.corrupt-'))
    expect(await readFile(join(folder, 'deep', aside!), 'utf8')).toBe(content)
  })
})
