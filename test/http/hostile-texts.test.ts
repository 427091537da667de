import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { checkout } from '../support/booking.ts'
import { pageOf, violationsOf } from '../support/page-policy.ts'
import { freshSlots, later } from '../support/scene.ts'
import { type Client, MONDAY_9H, openWorld, type World } from '../support/world.ts'
import { ADMIN_PAGES, PAGES_OF_ONE_THING, PUBLIC_PAGES, STUDENT_PAGES } from './addresses.ts'

const HOSTILE = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>`
const slotOf = freshSlots()

describe('what people type is text, and pages obey the policy they are sent with (behaviour 4.0, 8.6)', () => {
  let world: World
  let admin: Client
  beforeAll(async () => {
    world = await openWorld()
    admin = await world.admin()
  })
  afterAll(() => world.close())
  beforeEach(() => world.clock.set(MONDAY_9H))

  it('hostile names and objectives are text on every page, for host, guest and admin', async () => {
    const host = await world.signIn('hostil@correo.test', HOSTILE)
    const objective = '"><svg onload=alert(1)><b>Viajes</b>'
    const held = await checkout(host, slotOf(), { isGroupClass: true, studentsCount: 3, text: objective })
    const unpaid = await checkout(host, slotOf(), { text: objective })
    await world.control('/mercado-pago/pay', { preferenceId: held.preferenceId })
    await world.settle()
    const [code] = await world.rows<{ code: string; starts_at: Date }>(
      'SELECT code, starts_at FROM access_code JOIN virtual_class v ON v.id = class_id WHERE class_id = $1',
      [held.classId],
    )
    world.clock.set(code!.starts_at)
    const guest = await world.signIn('hostil.invitado@correo.test', HOSTILE)
    expect((await guest.post('/api/access-code', { accessCode: code!.code })).status).toBe(200)
    const queries = [
      `?q=${encodeURIComponent(HOSTILE)}`,
      `?error=${encodeURIComponent(HOSTILE)}&callbackUrl=${encodeURIComponent(`/inicio"${HOSTILE}`)}`,
    ]
    const visits: [Client, string][] = [
      ...STUDENT_PAGES.flatMap((path): [Client, string][] => [
        [host, path],
        [guest, path],
      ]),
      ...ADMIN_PAGES.map((path): [Client, string] => [admin, path]),
      ...queries.map((query): [Client, string] => [world.anonymous, `/ingresar${query}`]),
      [host, `/inicio/pre-compra?start=${encodeURIComponent(slotOf().start)}&type=grupal&people=3&text=${encodeURIComponent(objective)}`],
      [
        host,
        `/checkout/callback/success?preference_id=${unpaid.preferenceId}&payment_id=${encodeURIComponent(HOSTILE)}&status=${encodeURIComponent(HOSTILE)}&external_reference=${encodeURIComponent(HOSTILE)}`,
      ],
    ]
    let seen = 0
    for (const [client, path] of visits) {
      const { html } = await pageOf(client, path)
      expect(html, path).not.toMatch(/<script>alert|<img src=x|<svg onload|<b>Viajes/)
      expect(violationsOf(html), path).toEqual([])
      if (html.includes('&lt;script&gt;alert(1)') || html.includes('&lt;svg onload')) seen += 1
    }
    // Otherwise the test would prove nothing: the texts were really shown.
    expect(seen).toBeGreaterThan(5)
  })

  it('pages of one thing show hostile texts as text, obey the policy, and are nobody else’s', async () => {
    const host = await world.signIn('hostil.uno@correo.test', HOSTILE)
    const when = slotOf()
    const held = await checkout(host, when, { isGroupClass: true, studentsCount: 2, text: '"><svg onload=alert(1)><b>Objetivo</b>' })
    await world.control('/mercado-pago/pay', { preferenceId: held.preferenceId })
    await world.settle()
    const [order] = await world.rows<{ id: string }>('SELECT id FROM payment_order WHERE class_id = $1', [held.classId])
    expect((await host.post('/api/tickets', { description: HOSTILE, classId: held.classId })).status).toBe(201)
    const [ticket] = await world.rows<{ id: string }>('SELECT id FROM support_ticket WHERE class_id = $1', [held.classId])
    const stranger = await world.signIn('ajena.uno@correo.test')
    const teacher = await world.signIn('profe.uno@correo.test')
    const gives = (email: string) => world.rows('UPDATE teacher SET user_id = (SELECT id FROM app_user WHERE email = $1)', [email])
    await gives('profe.uno@correo.test')
    const idOf: Record<string, string> = { facturacion: order!.id, tickets: ticket!.id }
    let seen = 0
    const visit = async (paths: string[]) => {
      for (const pattern of paths) {
        const area = pattern.split('/')[2] ?? ''
        const path = pattern.replace(/:\w+/, idOf[area] ?? held.classId)
        const whose = PAGES_OF_ONE_THING[pattern] ?? 'person'
        const { status, html } = await pageOf({ person: host, teacher, admin }[whose], path)
        expect({
          path,
          status,
          hostile: /<script>alert|<img src=x|<svg onload|<b>Objetivo/.test(html),
          violations: violationsOf(html),
        }).toEqual({
          ...{ path, status: 200, hostile: false, violations: [] },
        })
        if (html.includes('&lt;script&gt;alert(1)') || html.includes('&lt;svg onload')) seen += 1
        expect((await pageOf(stranger, path)).status, path).toBe(whose === 'person' ? 404 : 403)
        const unknown = await world.anonymous.get(path)
        expect([unknown.status, unknown.headers.get('location')], path).toEqual([302, expect.stringContaining('/ingresar?')])
      }
    }
    const patterns = Object.keys(PAGES_OF_ONE_THING)
    const moving = patterns.filter((pattern) => pattern.endsWith('/reprogramar'))
    await visit(moving)
    world.clock.set(later(when.end, 60_000))
    await world.settle()
    await world.settle()
    const [task] = await world.rows<{ id: string }>('SELECT id FROM task WHERE class_id = $1', [held.classId])
    idOf[':id'] = task!.id
    const answered = patterns.filter((pattern) => /^\/actividad\/:id\/(revisar|resultado)$/.test(pattern))
    await visit(patterns.filter((pattern) => !moving.includes(pattern) && !answered.includes(pattern)))
    expect((await host.post(`/api/activities/${task!.id}/submit`, { answers: {} })).status).toBe(200)
    await visit(answered)
    await gives(world.deps.config.adminEmail)
    // Otherwise the test would prove nothing: the texts were really shown.
    expect(seen).toBeGreaterThan(2)
  })

  it.each([...PUBLIC_PAGES, ...STUDENT_PAGES, ...ADMIN_PAGES])('the page %s obeys the policy it is sent with', async (path) => {
    const { html, answer } = await pageOf(PUBLIC_PAGES.includes(path) ? world.anonymous : admin, path)
    expect(answer.headers.get('content-type')).toBe('text/html; charset=UTF-8')
    expect(html).toMatch(/^<!doctype html><html lang="es-AR"/i)
    expect(violationsOf(html)).toEqual([])
  })

  it('the check above sees what it is looking for', () => {
    for (const bad of [
      '<script>x()</script>',
      '<script src="https://otro.example/x.js"></script>',
      '<p style="color:red">',
      '<style>p{}</style>',
      '<button onclick="x()">',
      '<a href="javascript:x()">',
      '<img src="https://otro.example/x.png">',
    ])
      expect(violationsOf(bad), bad).not.toEqual([])
    expect(violationsOf('<script type="module" src="/assets/main.js"></script><a href="/inicio">')).toEqual([])
  })
})
