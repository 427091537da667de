import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../support/world.ts'

describe('how a page reaches its reader: language, theme, encoding', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())

  const choose = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
    world.anonymous.submit('/preferencias', fields, headers)
  const kept = (answer: Response) => answer.headers.getSetCookie().map((line) => line.split(';')[0])
  const opening = async (cookie: string) => (await (await world.anonymous.get('/ingresar', { cookie })).text()).slice(0, 80)

  it('Spanish and the theme of the system without a choice, or with a made-up one', async () => {
    expect(await opening('')).toContain('<html lang="es-AR">')
    expect(await opening('hiy-idioma=xx; hiy-tema="><script>')).toContain('<html lang="es-AR">')
  })

  it('a choice is kept in the browser and leads back to its page', async () => {
    const answer = await choose({ idioma: 'en', volver: '/ingresar?callbackUrl=/inicio' })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/ingresar?callbackUrl=/inicio'])
    expect(kept(answer)).toEqual(['hiy-idioma=en'])
    expect(await opening('hiy-idioma=en')).toContain('<html lang="en">')
    expect(kept(await choose({ tema: 'dark' }))).toEqual(['hiy-tema=dark'])
    expect(await opening('hiy-tema=dark')).toContain('<html lang="es-AR" data-theme="dark">')
  })

  it('on the answer to a form it leads back to the page with the form', async () => {
    const student = await world.student()
    const path = '/inicio/mis-clases-virtuales'
    const answer = await student.submit(`${path}/unirme`, { code: 'corto' }, { referer: `http://localhost:3000${path}` })
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain(`name="volver" value="${path}"`)
    const elsewhere = await student.submit(`${path}/unirme`, { code: 'corto' }, { referer: 'https://evil.example/inicio' })
    expect(await elsewhere.text()).toContain('name="volver" value="/inicio"')
  })

  it('what is no choice is not kept, and nobody is led to another site', async () => {
    expect(kept(await choose({ idioma: 'fr', tema: 'neon' }))).toEqual([])
    expect((await choose({ tema: 'dark', volver: 'https://evil.example' })).headers.get('location')).toBe('/inicio')
    expect((await choose({ tema: 'dark', volver: '//evil.example' })).headers.get('location')).toBe('/inicio')
    expect((await choose({ tema: 'dark' }, { origin: 'https://evil.example' })).status).toBe(403)
  })

  it('a page is sent compressed to who takes that, and says the same', async () => {
    const plain = await world.anonymous.get('/ingresar')
    const packed = await world.anonymous.get('/ingresar', { 'accept-encoding': 'gzip, br' })
    expect([plain.headers.get('content-encoding'), packed.headers.get('content-encoding')]).toEqual([null, 'gzip'])
    expect(packed.headers.get('content-type')).toBe(plain.headers.get('content-type'))
    expect(gunzipSync(await packed.arrayBuffer()).toString()).toBe(await plain.text())
  })

  it("the teacher's pages are Spanish whatever the choice", async () => {
    const admin = await world.admin()
    const answer = await admin.get('/admin', { cookie: `${admin.cookie}; hiy-idioma=en` })
    expect((await answer.text()).slice(0, 60)).toContain('lang="es-AR"')
  })
})
