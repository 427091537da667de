import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../src/kernel/clock.ts'
import { checkout, json, slot } from '../support/booking.ts'
import { classFor, later, meetUrlOf, newcomer, type Scene } from '../support/scene.ts'
import { type Client, openWorld, type World } from '../support/world.ts'
import { expectAnswer, payOnce, setFault } from './payment-scene.ts'

const BOM = '\uFEFF'
const text = async (client: Client, path: string, status = 200) => {
  const answer = await client.get(path)
  expect({ path, status: answer.status }).toEqual({ path, status })
  return answer.text()
}
/** The events of a class in words, as its file tells them. */
const story = async (client: Client, classId: string, area = 'inicio') => {
  const lines = (await text(client, `/${area}/clases/${classId}/historia.csv`)).split('\r\n').slice(1, -1)
  return lines.map((line) => line.split(',')[2] ?? '')
}
/** Where the page of a class leads back to. */
const backOf = async (client: Client, classId: string) =>
  /class="back-link" href="([^"]+)"/.exec(await text(client, `/inicio/clases/${classId}`))?.[1]

describe('what happened to a class, and what was paid for it', () => {
  let world: World
  let group: Scene
  let guest: Client
  let other: Client
  let orderId: string
  beforeAll(async () => {
    world = await openWorld()
    group = await classFor(world, 3, slot('2026-11-26', '18:00'), '=1+1')
    guest = await world.signIn('mateo@correo.test', 'Mateo "Teo" Quiroga')
    other = await world.signIn('sofia@correo.test', 'Sofía Pereyra')
    const moved = await group.host.post(`/api/classes/${group.classId}/reschedule`, slot('2026-11-27', '18:00'))
    group = { ...group, ...slot('2026-11-27', '18:00'), code: String((await json(moved)).accessCode) }
    await world.settle()
    world.clock.set(later(group.start, -30 * MINUTE_MS))
    await guest.post('/api/access-code', { accessCode: group.code })
    await other.post('/api/access-code', { accessCode: group.code })
    await guest.get(`/api/classes/${group.classId}/join`)
    world.clock.advance(MINUTE_MS)
    await guest.get(`/api/classes/${group.classId}/join`)
    world.clock.set(later(group.end, 1))
    await world.settle()
    orderId = String((await world.rows('SELECT id FROM payment_order WHERE class_id = $1', [group.classId]))[0]?.id)
  })
  afterAll(() => world.close())

  it('the host reads all of it, with names and operation number', async () => {
    const told = await story(group.host, group.classId)
    expect(told).toEqual([
      'Horario reservado sin pagar',
      'Pago iniciado en Mercado Pago',
      'Pago aprobado',
      'Evento creado en el calendario',
      'Clase confirmada',
      'Código de la clase emitido',
      'Clase reprogramada por vos',
      'Código nuevo',
      ...told.slice(8),
    ])
    expect(told.toSorted()).toEqual(expect.arrayContaining(['Grupo completo', 'Clase completada', 'Sofía Pereyra se unió con el código']))
    expect(told.filter((line) => line === 'Te mandamos un mail')).toHaveLength(3)
    const html = await text(group.host, `/inicio/clases/${group.classId}`)
    expect(html).toContain('Mateo &quot;Teo&quot; Quiroga entró por última vez')
    expect(html).toContain('Del jueves 26/11/2026, 18:00 a 19:00 hs al viernes 27/11/2026, 18:00 a 19:00 hs.')
    expect(html).toMatch(/Operación \d+ de Mercado Pago/)
    expect(html).toContain(`href="/inicio/facturacion/${orderId}"`)
  })

  it('a guest reads what happened to the class and what they did, and nothing of anybody else', async () => {
    expect(await story(guest, group.classId)).toEqual([
      'Clase confirmada',
      'Clase reprogramada por el anfitrión',
      'Te uniste con el código',
      'Entraste a la clase',
      'Entraste por última vez',
      'Clase completada',
      // The exercise is ready.
      'Te mandamos un mail',
    ])
    const html = await text(guest, `/inicio/clases/${group.classId}`)
    for (const secret of ['Sofía', '$36.000', 'Operación', 'comprobante', 'Código']) expect(html).not.toContain(secret)
  })

  it('leads back to the list in which it stands: what is still to come, or what is over', async () => {
    const [mine, history] = ['/inicio/mis-clases-virtuales', '/inicio/historial']
    expect(await backOf(group.host, group.classId)).toBe(history)
    expect(await backOf(guest, group.classId)).toBe(history)
    const host = await newcomer(world)
    const [kept, given] = [await checkout(host, slot('2026-12-10', '18:00')), await checkout(host, slot('2026-12-10', '19:00'))]
    expect(await backOf(host, kept.classId)).toBe(mine)
    await host.post(`/api/classes/${given.classId}/cancel`)
    expect(await backOf(host, given.classId), 'never was a class').toBe(history)
    await payOnce(world, kept.preferenceId)
    await world.settle()
    expect(await backOf(host, kept.classId)).toBe(mine)
    await host.post(`/api/classes/${kept.classId}/cancel`)
    await world.settle()
    expect(await text(host, mine)).toContain('Cancelada por el anfitrión')
    expect(await backOf(host, kept.classId), 'cancelled, and shown as such until its hour is over').toBe(mine)
  })

  it('leads back to the list that the reader came from, also after a form, and nowhere else', async () => {
    const admin = await world.admin()
    const cameFrom = async (client: Client, list: string) =>
      new RegExp(`href="([^"]*/clases/${group.classId}\\?[^"#]*)"`).exec(await text(client, list))?.[1] ?? ''
    for (const [client, list, words] of [
      [admin, '/admin?status=completed', 'Panel de admin'],
      [admin, '/profe', 'Clases que doy'],
      [group.host, '/inicio/facturacion', 'Facturación'],
    ] as const) {
      const page = await text(client, await cameFrom(client, list))
      expect(/class="back-link" href="([^"]+)".*?<\/svg>([^<]+)</s.exec(page)?.slice(1), list).toEqual([list, words])
    }
    const form = /action="([^"]+\/asistencia[^"]*)"/.exec(await text(admin, await cameFrom(admin, '/profe')))?.[1] ?? ''
    const saved = (await admin.submit(form, {})).headers.get('location') ?? ''
    expect(saved).toContain('ok=asistencia')
    expect(await text(admin, saved)).toContain('class="back-link" href="/profe"')
    for (const elsewhere of ['https://example.com', 'completed'])
      expect(await text(group.host, `/inicio/clases/${group.classId}?volver=${elsewhere}`)).toContain(
        'class="back-link" href="/inicio/historial"',
      )
  })

  it('the admin reads everything, from the table of classes', async () => {
    const admin = await world.admin()
    expect(await text(admin, '/admin?status=completed')).toContain(`href="/admin/clases/${group.classId}?volver=completed"`)
    const told = await story(admin, group.classId, 'admin')
    const withoutMails = (lines: readonly string[]) => lines.filter((line) => !/^"?(Mail enviado a|Te mandamos un mail)/.test(line))
    expect(withoutMails(told)).toHaveLength(withoutMails(await story(group.host, group.classId)).length)
    expect(told.join()).toContain('Mail enviado a Sofía Pereyra')
    expect(await text(admin, `/admin/clases/${group.classId}`)).toContain('Panel de admin')
    expect((await group.host.get(`/admin/clases/${group.classId}`)).status).toBe(403)
  })

  it('foreign, unknown and strange ids are 404 alike, and nobody reads without login', async () => {
    const stranger = await newcomer(world)
    for (const path of [
      `/inicio/clases/${group.classId}`,
      `/inicio/clases/${group.classId}/historia.csv`,
      `/inicio/facturacion/${orderId}`,
      '/inicio/facturacion/1',
    ]) {
      await text(stranger, path, 404)
      expect((await world.anonymous.get(path)).status, path).toBe(302)
    }
    for (const id of ['00000000-0000-4000-8000-000000000000', '%00', "'--", 'x'.repeat(2_000), '0', '-1', '1e3', '9999999']) {
      await text(group.host, `/inicio/clases/${id}`, 404)
      await text(group.host, `/inicio/facturacion/${id}`, 404)
    }
    await text(guest, `/inicio/facturacion/${orderId}`, 404)
    expect((await world.anonymous.get('/inicio/facturacion/pagos.csv')).status).toBe(302)
  })

  it('no page and no file holds a code or the Meet link', async () => {
    const secrets = [
      ...(await world.rows<{ code: string }>('SELECT code FROM access_code WHERE class_id = $1', [group.classId])).map(({ code }) => code),
      await meetUrlOf(world, group.classId),
    ]
    expect(secrets).toHaveLength(3)
    const admin = await world.admin()
    const paths = [
      `/inicio/clases/${group.classId}`,
      `/inicio/clases/${group.classId}/historia.csv`,
      '/inicio/historial',
      '/inicio/facturacion',
      '/inicio/facturacion/pagos.csv',
      `/inicio/facturacion/${orderId}`,
    ]
    const read = [
      ...(await Promise.all(paths.map((path) => text(group.host, path)))),
      ...(await Promise.all(paths.slice(0, 3).map((path) => text(guest, path)))),
      await text(admin, `/admin/clases/${group.classId}`),
      await text(admin, `/admin/clases/${group.classId}/historia.csv`),
    ].join('\n')
    for (const secret of secrets) expect(read).not.toContain(secret)
  })

  it('the receipt says what it is, by number and by order, for the one who paid and for the admin', async () => {
    const html = await text(group.host, '/inicio/facturacion/1')
    for (const word of [
      'Comprobante interno: no es una factura fiscal.',
      'HablaInglesYa',
      '$36.000 ARS',
      'viernes 27/11/2026, 18:00 a 19:00 hs',
      'Aprobado',
      orderId,
    ])
      expect(html).toContain(word)
    const [paid] = await world.rows<{ id: string }>('SELECT id FROM provider_payment WHERE order_id = $1', [orderId])
    expect(html).toContain(paid?.id)
    expect(await text(group.host, `/inicio/facturacion/${orderId}`)).toContain('Comprobante de pago 1')
    expect(await text(await world.admin(), `/inicio/facturacion/${orderId}`)).toContain('Comprobante de pago 1')
  })

  it('English readers read it in English', async () => {
    const chosen = await group.host.submit('/preferencias', { idioma: 'en', volver: '/inicio' })
    const cookie = `${group.host.cookie}; ${chosen.headers.getSetCookie()[0]?.split(';')[0]}`
    const read = async (path: string) => (await group.host.get(path, { cookie })).text()
    expect(await read(`/inicio/clases/${group.classId}`)).toContain('Class rescheduled by you')
    expect(await read('/inicio/facturacion')).toContain('Invoice # 1')
    expect(await read('/inicio/facturacion/1')).toContain('this is not a tax invoice')
    expect(await read('/inicio/historial?q=class')).toContain('Search your classes')
    await group.host.submit('/preferencias', { idioma: 'es', volver: '/inicio' })
  })

  describe('Facturación (behaviour 4.22)', () => {
    it('tells open money truthfully: unpaid, on its way back, back', async () => {
      const host = await newcomer(world)
      expect(await text(host, '/inicio/facturacion')).toContain('No se encontró ningún pago cargado en tu historial.')
      const held = await checkout(host, slot('2026-12-09', '18:00'))
      expect(await text(host, '/inicio/facturacion')).toContain('Todavía se puede pagar.')
      await text(host, '/inicio/facturacion/1', 404)
      const { id: paymentId } = await payOnce(world, held.preferenceId)
      await world.settle()
      await setFault(world, 'refund.create', { kind: 'error', status: 503, count: 1 })
      await host.post(`/api/classes/${held.classId}/cancel`, { reason: 'Me "mudo", perdón' })
      await world.settle()
      const going = await text(host, '/inicio/facturacion')
      expect(going).toContain('La devolución está en camino.')
      expect(going).toContain('$15.000, pedido el')
      expect(going).not.toContain('Reembolsado')
      world.clock.advance(HOUR_MS)
      await world.settle()
      const back = await text(host, '/inicio/facturacion')
      expect(back).toContain('Reembolsado')
      expect(back).not.toContain('en camino')
      expect(await text(host, '/inicio/facturacion/1')).toContain('−$15.000')
      expect(await text(host, '/inicio/facturacion/1')).toMatch(/Total devuelto.*−\$15\.000.*Neto.*\$0/s)
      expect((await story(host, held.classId)).slice(-5).toSorted()).toEqual(
        [
          'Devolución pedida a Mercado Pago',
          'Pago devuelto',
          'Te mandamos un mail',
          'Te mandamos un mail',
          'Te mandamos un mail',
        ].toSorted(),
      )
      const csv = await text(host, `/inicio/clases/${held.classId}/historia.csv`)
      expect(csv).toContain(',Clase cancelada por vos,"«Me ""mudo"", perdón»"\r\n')
      expect(csv).toContain(paymentId)
    })

    it('what was paid a second time goes back as such: the class stays paid, on the page as in the API', async () => {
      const host = await newcomer(world)
      const held = await checkout(host, slot('2026-12-11', '10:00'))
      await payOnce(world, held.preferenceId)
      await world.settle()
      await payOnce(world, held.preferenceId)
      await world.settle()
      world.clock.advance(HOUR_MS)
      await world.settle()
      const page = await text(host, '/inicio/facturacion')
      expect(page).toMatch(/<dt>Pago repetido, devuelto<\/dt><dd>.*\$15\.000 el/)
      expect(page).not.toContain('<dt>Devuelto</dt>')
      const [row] = (await text(host, '/inicio/facturacion/pagos.csv')).split('\r\n').slice(1)
      expect(row).toMatch(/,15000,Aprobado,0,0,MP \d+ MP \d+,[\da-f-]+,15000$/)
      expect((await json(await host.get('/api/payments'))).response).toMatchObject([{ status: 'approved', refundedAmount: 0 }])
    })

    it('all payments as a file: UTF-8 with its mark, CRLF, and the money as numbers', async () => {
      const answer = await group.host.get('/inicio/facturacion/pagos.csv')
      expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
      expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="pagos-\d{4}-\d\d-\d\d\.csv"$/)
      expect(answer.headers.get('cache-control')).toBe('no-store')
      const bytes = new Uint8Array(await answer.arrayBuffer())
      expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
      const [head, row, ...rest] = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes).split('\r\n')
      expect(head).toBe(
        `${BOM}Número,Fecha,Fecha de pago,Clase,Tipo,Participantes,Monto (ARS),Estado,Devuelto (ARS),En camino (ARS),Operaciones de Mercado Pago,ID Orden,Pago repetido devuelto (ARS)`,
      )
      expect(row).toMatch(new RegExp(`^1,23/11/2026,23/11/2026,27/11/2026 18:00,Grupal,3,36000,Aprobado,0,0,MP \\d+,${orderId},0$`))
      expect(rest).toEqual([''])
      expect(await text(group.host, '/inicio/facturacion/pagos.csv?para=excel')).toContain('Número;Fecha;')
    })
  })

  it('GET /api/payments comes in pages, and says how many there are', async () => {
    const host = await newcomer(world)
    for (const hour of ['10:00', '11:00', '12:00']) {
      await checkout(host, slot('2026-12-10', hour))
      world.clock.advance(1_000)
    }
    const numbers = async (query: string) => {
      const answer = await host.get(`/api/payments${query}`)
      expect(answer.headers.get('x-total-count')).toBe('3')
      return ((await json(answer)).response as { number: number }[]).map(({ number }) => number)
    }
    expect(await numbers('')).toEqual([3, 2, 1])
    expect(await numbers('?limit=2')).toEqual([3, 2])
    expect(await numbers('?limit=2&page=2')).toEqual([1])
    expect(await numbers('?limit=2&page=3')).toEqual([])
    for (const query of ['page=0', 'page=-1', 'page=1.5', 'page=', 'limit=201', 'limit=0', 'limit=1e2', 'page=99999999999'])
      await expectAnswer(host.get(`/api/payments?${query}`), 400, { error: 'Paginación inválida' })
  })
})
