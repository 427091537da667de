import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { HOUR_MS } from '../../src/kernel/clock.ts'
import { checkout, confirmedClass, slot } from '../support/booking.ts'
import { classFor, freshSlots, later, newcomer } from '../support/scene.ts'
import { MONDAY_9H, openWorld, type World } from '../support/world.ts'
import { unchanged } from './booking-bench.ts'
import { MOVE_TEXT, moved, rowOf, shownAt } from './reschedule-bench.ts'

const slotOf = freshSlots('2026-11-25')
const targetOf = freshSlots('2026-12-14')
const hostPage = (classId: string) => `/inicio/mis-clases-virtuales/${classId}/reprogramar`
const adminPage = (classId: string) => `/admin/clases/${classId}/reprogramar`

describe('the page that moves a class (behaviour 4.20, 4.16)', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())
  beforeEach(() => world.clock.set(MONDAY_9H))

  it('without script: from the list to the page, the policy, a slot, done', async () => {
    const { host, classId } = await classFor(world, 3, slot('2026-11-26', '18:00'))
    const list = await (await host.get('/inicio/mis-clases-virtuales')).text()
    expect(list).toContain(`href="${hostPage(classId)}"`)
    const to = slot('2026-12-16', '10:00')
    const shown = await (await host.get(`${hostPage(classId)}?dia=2026-12-16&start=${to.start}`)).text()
    expect(shown).toContain('Podés reprogramar esta clase dos veces más')
    expect(shown).toContain('hasta 12 horas antes de que empiece.')
    expect(shown).toContain('te devolvemos el total hasta 24 horas antes del horario nuevo')
    expect(shown).toContain('El código cambia: el anterior deja de funcionar.')
    expect(shown.indexOf('Antes de cambiarla')).toBeLessThan(shown.indexOf('Pasar a este horario'))
    expect(shown).toMatch(new RegExp(`<form[^>]*method="post"[^>]*action="${hostPage(classId)}"`))
    expect(shown).toMatch(new RegExp(`<input type="radio" name="start" value="${to.start}" checked`))

    const done = await host.submit(hostPage(classId), { start: to.start })
    const told = `/inicio/mis-clases-virtuales?reprogramada=${encodeURIComponent(to.start)}`
    expect([done.status, done.headers.get('location')]).toEqual([303, told])
    const after = await (await host.get(told)).text()
    expect(after).toContain(
      'Reprogramamos la clase. El código cambió: el anterior ya no funciona. Ahora es el miércoles 16 de diciembre, 10:00 hs.',
    )
    expect(after).toContain('16/12/2026')
    await world.settle()
    expect(await shownAt(world, classId)).toEqual(to)
    expect(await (await host.get(hostPage(classId))).text()).toContain('Es la última vez que podés reprogramar esta clase')
  })

  it('shows where the class stands as its own, not as somebody else’s', async () => {
    const when = slot('2026-11-27', '12:00')
    const { host, classId } = await classFor(world, 1, when)
    const shown = await (await host.get(`${hostPage(classId)}?dia=2026-11-27`)).text()
    expect(shown).toContain('Horario actual')
    expect(shown).not.toContain(`value="${when.start}"`)
    expect(shown).not.toMatch(/Grupal/)
  })

  it('says before the click that the refund lapses, and after that it has', async () => {
    const { host, classId, start } = await classFor(world, 1, slotOf())
    world.clock.set(later(start, -24 * HOUR_MS))
    expect(await (await host.get(hostPage(classId))).text()).not.toContain('no corresponde reembolso')
    world.clock.set(later(start, -24 * HOUR_MS + 1))
    expect(await (await host.get(hostPage(classId))).text()).toContain(
      'Faltan menos de 24 horas: si la reprogramás y después la cancelás, no corresponde reembolso.',
    )
    await moved(host, classId, targetOf())
    expect(await (await host.get(hostPage(classId))).text()).toContain('Si después la cancelás, no corresponde reembolso.')
  })

  it('opens on the day of the class, and marks the slots that leave no time for a refund', async () => {
    const { host, classId } = await classFor(world, 1, slot('2026-12-09', '17:00'))
    expect(await (await host.get(hostPage(classId))).text()).toContain('<td data-day="2026-12-09" class="is-shown"')
    const soon = slot('2026-11-24', '08:00')
    const later24 = slot('2026-11-24', '09:00')
    const shown = await (await host.get(`${hostPage(classId)}?dia=2026-11-24`)).text()
    expect(shown).toContain('Si el horario nuevo empieza en menos de 24 horas, cancelarla no tiene reembolso.')
    expect(shown).toContain('Este horario empieza en menos de 24 horas: si la pasás y después la cancelás, no tiene reembolso.')
    const radioOf = (start: string) => shown.match(new RegExp(`<input[^>]*value="${start}"[^>]*>`))?.[0]
    expect(radioOf(soon.start) ?? radioOf(slot('2026-11-23', '20:00').start)).toContain('data-late')
    expect(radioOf(later24.start)).not.toContain('data-late')
  })

  it('a slot that went meanwhile: says so, offers the nearest, changes nothing', async () => {
    const { host, classId } = await classFor(world, 1, slotOf())
    const to = slot('2026-12-17', '12:00')
    await checkout(await newcomer(world), to)
    await unchanged(world, async () => {
      const refused = await host.submit(hostPage(classId), { start: to.start })
      expect(refused.status).toBe(409)
      const text = await refused.text()
      expect(text).toContain(MOVE_TEXT.taken)
      for (const near of ['11:00', '13:00']) {
        const start = encodeURIComponent(slot('2026-12-17', near).start)
        expect(text).toContain(`href="${hostPage(classId)}?dia=2026-12-17&amp;start=${start}"`)
      }
    })
  })

  it.each([
    ['nothing', {}, 'Elegí un horario para seguir.'],
    ['a word', { start: 'mañana' }, 'Elegí un horario para seguir.'],
    ['a closed day', { start: slot('2026-12-06', '10:00').start }, 'El horario está fuera de los horarios de atención'],
  ])('refuses %s on the page itself', async (_, fields, error) => {
    const { host, classId } = await classFor(world, 1, slotOf())
    await unchanged(world, async () => {
      const refused = await host.submit(hostPage(classId), fields as Record<string, string>)
      expect(refused.status).toBe(400)
      const text = await refused.text()
      expect(text).toContain(error)
      expect(text).toContain('Pasar a este horario')
    })
  })

  it('the link and the page end together, 12 hours before and after two moves', async () => {
    const late = await classFor(world, 1, slotOf())
    world.clock.set(later(late.start, -12 * HOUR_MS + 1))
    expect(await (await late.host.get('/inicio/mis-clases-virtuales')).text()).not.toContain('/reprogramar')
    for (const answer of [
      await late.host.get(hostPage(late.classId)),
      await late.host.submit(hostPage(late.classId), { start: targetOf().start }),
    ]) {
      expect(answer.status).toBe(409)
      expect(await answer.text()).toContain(MOVE_TEXT.tooLate)
    }
    world.clock.set(MONDAY_9H)
    const often = await classFor(world, 1, slotOf())
    for (let times = 0; times < 2; times++) await moved(often.host, often.classId, targetOf())
    expect(await (await often.host.get('/inicio/mis-clases-virtuales')).text()).not.toContain('/reprogramar')
    const refused = await often.host.get(hostPage(often.classId))
    expect([refused.status, (await refused.text()).includes(MOVE_TEXT.usedUp)]).toEqual([409, true])
  })

  it('is nobody else’s: not a guest’s, a stranger’s, an anonymous visitor’s, nor another site’s', async () => {
    const { host, classId, code, start } = await classFor(world, 2, slotOf())
    const guest = await newcomer(world)
    const stranger = await newcomer(world)
    world.clock.set(later(start, -HOUR_MS))
    await guest.post('/api/access-code', { accessCode: code })
    world.clock.set(MONDAY_9H)
    await world.settle()
    const to = targetOf()
    await unchanged(world, async () => {
      expect(await (await guest.get('/inicio/mis-clases-virtuales')).text()).not.toContain('/reprogramar')
      for (const [who, status, path] of [
        [guest, 403, hostPage(classId)],
        [stranger, 404, hostPage(classId)],
        [stranger, 404, hostPage('x')],
        [stranger, 403, adminPage(classId)],
        [host, 403, adminPage(classId)],
      ] as const) {
        expect((await who.get(path)).status).toBe(status)
        expect((await who.submit(path, { start: to.start })).status).toBe(status)
      }
      expect((await world.anonymous.get(hostPage(classId))).headers.get('location')).toContain('/ingresar?callbackUrl=')
      expect((await host.submit(hostPage(classId), { start: to.start }, { origin: 'https://otro.example' })).status).toBe(403)
    })
  })

  it('the admin moves whatever has not started, from the panel, without the host’s limits', async () => {
    const host = await world.signIn('larga.lista@correo.test', 'Sofía Larga')
    const { classId } = await confirmedClass(world, host, slot('2026-11-28', '12:00'))
    const admin = await world.admin()
    for (let times = 0; times < 2; times++) await moved(host, classId, targetOf())
    world.clock.set(later((await rowOf(world, classId)).starts_at as string, -HOUR_MS))
    expect(await (await admin.get('/admin')).text()).toContain(`href="${adminPage(classId)}"`)
    const shown = await (await admin.get(adminPage(classId))).text()
    expect(shown).toContain('con Sofía Larga')
    expect(shown).toContain('No le descuenta al anfitrión ninguna de sus reprogramaciones.')
    expect(shown).not.toContain('reembolso')
    const to = targetOf()
    const done = await admin.submit(adminPage(classId), { start: to.start })
    expect([done.status, done.headers.get('location')]).toEqual([303, '/admin?ok=reprogramada'])
    expect(await (await admin.get('/admin?ok=reprogramada')).text()).toContain('Reprogramamos la clase y avisamos a quienes participan.')
    expect(await rowOf(world, classId)).toMatchObject({ starts_at: new Date(to.start), reschedule_count: 2, move_count: 3 })
    world.clock.set(to.start)
    expect((await admin.get(adminPage(classId))).status).toBe(409)
    expect(await (await admin.get('/admin?status=all')).text()).not.toContain(`href="${adminPage(classId)}"`)
  })

  it('the booking page names the rule beside the one of cancelling (4.21)', async () => {
    const student = await newcomer(world)
    const page = await (await student.get(`/inicio/pre-compra?start=${targetOf().start}&type=individual`)).text()
    expect(page).toContain('y pasarla a otro horario hasta 12 horas antes')
  })
})
