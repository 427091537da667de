import { describe, expect, it } from 'vitest'
import { fromPesos } from '../../../kernel/money.ts'
import { instantAt } from '../../../kernel/zoned-time.ts'
import { AdminPanelPage, type AdminPanelView } from './panel.tsx'
import type { AdminClass, AttentionItem } from './view.ts'

const NOW = instantAt('2026-11-23', '13:36')
const hostile = '<b>Ana</b>'

const lesson = (id: string, time: string): AdminClass => ({
  id,
  startsAt: instantAt('2026-11-23', time),
  endsAt: new Date(instantAt('2026-11-23', time).getTime() + 3_600_000),
  type: 'individual',
  people: 1,
  peopleMax: 1,
  hostName: hostile,
  guestNames: [],
  objective: null,
  status: 'scheduled',
  cancelReason: null,
  accessCode: 'K7Q2MX9D',
  meetHref: 'https://meet.google.com/abc-defg-hij',
  calendarHref: null,
  calendar: 'synced',
  activity: 'none',
  canCancel: true,
  rescheduleHref: '/admin/clases/c1/reprogramar',
  paid: fromPesos(15_000),
  returned: 0,
})

const oneCase = (item: AttentionItem) => ({ items: [item], total: 1, page: 1, pagesTotal: 1 })

async function render(more: Partial<AdminPanelView> = {}): Promise<string> {
  const chrome = {
    asset: (name: string) => name,
    theme: 'light' as const,
    path: '/admin',
    person: { name: hostile, email: 'profe@example.com', isAdmin: true },
    now: NOW,
  }
  const view: AdminPanelView = {
    attention: { items: [], total: 0, page: 1, pagesTotal: 1 },
    waiting: { drafts: null, texts: null },
    today: [lesson('a1', '11:00'), lesson('a2', '18:00')],
    coming: [],
    google: { state: 'connected', account: null, lastCheck: null },
    filter: 'scheduled',
    classes: [lesson('a2', '18:00')],
    page: 2,
    pagesTotal: 3,
    more: false,
  }
  const page = <AdminPanelPage chrome={chrome} {...view} {...more} />
  return String(await page)
}

describe('the admin’s panel', () => {
  it('escapes names', async () => {
    const html = await render()
    expect(html).not.toContain(hostile)
    expect(html).toContain('Bienvenido, &lt;b&gt;Ana&lt;/b&gt;')
  })

  it('says that there are more pages than were counted', async () => {
    expect(await render()).toContain('Página 2 de 3<')
    expect(await render({ more: true })).toContain('Página 2 de 3 o más')
  })

  it('has the eight columns and the five filters', async () => {
    const html = await render()
    for (const column of ['Día', 'Horario', 'Tipo', 'Rol', 'Estado', 'Código', 'Meeting', 'Tarea IA'])
      expect(html).toContain(`<th scope="col">${column}</th>`)
    expect(
      [...html.matchAll(/<a href="(\/admin[^"]*)"[^>]*>(Reservadas|Completadas|Canceladas|Pendientes|Todas)</g)].map(([, href]) => href),
    ).toEqual([
      '/admin?status=scheduled',
      '/admin?status=completed',
      '/admin?status=cancelled',
      '/admin?status=pending',
      '/admin?status=all',
    ])
    expect(html).toContain('href="/admin?status=scheduled&amp;page=3"')
  })

  it('says what waits to be read and marked, with the way to it, and tells a draft from an exercise that is not made yet', async () => {
    const html = await render({ waiting: { drafts: { count: 3, classId: 'c7' }, texts: { count: 1, classId: 'c8' } } })
    expect(html).toContain('<a class="action-link" href="/admin/actividad/c7">3 borradores para revisar</a>')
    expect(html).toContain('<a class="action-link" href="/admin/actividad/c8">1 texto para corregir</a>')
    expect(await render()).not.toMatch(/para (revisar|corregir)/)
    const draft = await render({ classes: [{ ...lesson('a2', '18:00'), activity: 'draft' }] })
    const pending = await render({ classes: [{ ...lesson('a2', '18:00'), activity: 'pending' }] })
    expect([draft, pending].map((page) => page.includes('Borrador listo para revisar'))).toEqual([true, false])
  })

  it('keeps all classes all on the next page', async () => {
    expect(await render({ filter: 'all' })).toContain('href="/admin?status=all&amp;page=3"')
  })

  it('draws now between what began and what comes', async () => {
    const html = await render()
    const [first, line, second] = ['11:00 a 12:00 hs', 'Ahora, 13:36', '18:00 a 19:00 hs'].map((text) => html.indexOf(text))
    expect(first).toBeGreaterThan(0)
    expect(line).toBeGreaterThan(first!)
    expect(second).toBeGreaterThan(line!)
  })

  it('turns every action on what needs attention into its own form', async () => {
    const html = await render({
      attention: oneCase({
        id: 'x',
        reason: 'calendar_failed',
        since: new Date(NOW.getTime() - 60_000),
        subject: hostile,
        advice: null,
        note: '',
        detail: '403 forbidden: Bad Request',
        actions: [
          { kind: 'retry', classId: 'c1' },
          { kind: 'refund', paymentId: 'p1', amount: fromPesos(15_000), cancels: true },
          { kind: 'resolve', caseId: 'x1' },
        ],
      }),
    })
    for (const action of ['/admin/clases/c1/reintentar', '/admin/pagos/p1/reembolsar', '/admin/casos/x1/resolver']) {
      expect(html).toContain(`<form method="post" action="${action}"`)
    }
    expect(html).toContain('Se devuelven $15.000. La clase se cancela.')
    expect(html).toContain('Hace 1 min.')
    expect(html).toContain(
      '<details class="technical"><summary>Detalle técnico</summary><p class="soft">403 forbidden: Bad Request</p></details>',
    )
    expect(html.split('/admin/pagos/p1/reembolsar')[1]?.split('</form>')[0]).toContain('No, volver')
  })

  it('says what a cancellation gives back, and offers the way back', async () => {
    const form = (await render()).split('/admin/clases/a2/cancelar')[1]?.split('</form>')[0]
    expect(form).toContain('Se reembolsa el total: $15.000.')
    expect(form).toContain('No, volver')
    const partly = await render({ classes: [{ ...lesson('a2', '18:00'), returned: fromPesos(5_000) }] })
    expect(partly).toContain('Se reembolsa lo que queda: $10.000. Ya se devolvieron $5.000.')
    expect(partly).not.toContain('Se reembolsa el total')
  })

  it('says of a class that is paid and has no event that it is paid', async () => {
    const waiting = { ...lesson('a2', '18:00'), status: 'pending' as const }
    for (const place of ['today', 'classes'] as const) {
      const html = await render({ today: [], classes: [], [place]: [waiting] })
      expect(html).toContain('Pagada, preparando el enlace')
      expect(html).not.toContain('Pendiente de pago')
    }
    expect(await render({ today: [{ ...waiting, paid: null }] })).toContain('Pendiente de pago')
  })

  it('is calm only while the calendar works', async () => {
    const calm = 'class="attention attention-calm"'
    expect(await render()).toContain(calm)
    for (const state of ['error', 'disconnected'] as const) {
      const html = await render({ google: { state, account: null, lastCheck: null } })
      expect(html).not.toContain(calm)
      expect(html).not.toContain('están al día')
    }
  })

  it('says who comes and what about, today and on the next days', async () => {
    const group = {
      ...lesson('a2', '18:00'),
      type: 'grupal' as const,
      people: 3,
      peopleMax: 5,
      guestNames: ['Bruno', 'Caro'],
      objective: 'Entrevista de trabajo',
    }
    const later = { ...group, startsAt: instantAt('2026-11-24', '18:00'), endsAt: instantAt('2026-11-24', '19:00') }
    for (const [id, view] of [
      ['hoy', { today: [group], coming: [] }],
      ['proximas', { today: [], coming: [later] }],
    ] as const) {
      const section = (await render(view)).split(`<h2 id="${id}"`)[1]?.split('</section>')[0]
      for (const text of ['Grupal, 3 de 5 personas', 'Ana&lt;/b&gt;', 'Bruno y Caro', 'Entrevista de trabajo'])
        expect(section).toContain(text)
    }
  })
})
