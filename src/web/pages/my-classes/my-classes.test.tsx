import { describe, expect, it } from 'vitest'
import { plus } from '../../../kernel/clock.ts'
import { instantAt } from '../../../kernel/zoned-time.ts'
import type { Chrome } from '../../ui/chrome.ts'
import type { ClassCard } from '../../ui/class-card.ts'
import type { OpenBookingView } from '../../ui/open-bookings.tsx'
import { MyClassesPage, type MyClassesView } from './my-classes.tsx'

const START = instantAt('2026-11-26', '18:00')
const END = plus(START, 3_600_000)
const OPENS = plus(START, -3_600_000)
const JOIN_LINK = '<a class="btn btn-primary btn-large" href="/api/classes/c1/join" target="_blank" rel="noopener">'

const host: ClassCard = {
  id: 'c1',
  startsAt: START,
  endsAt: END,
  type: 'grupal',
  role: 'anfitrion',
  status: 'scheduled',
  cancelReason: null,
  people: 2,
  peopleMax: 5,
  activity: { state: 'pending', href: null },
  accessCode: 'K7Q2MX9D',
  objective: 'Repasar verbos',
  hostName: 'Ana Ruiz',
  guests: [
    { participationId: 'p1', name: 'Beto Sosa', joinedAt: OPENS, enteredAt: START },
    { participationId: 'p2', name: 'Caro Díaz', joinedAt: OPENS, enteredAt: null },
  ],
  canLeave: false,
  joinFrom: OPENS,
  joinUntil: END,
  cancel: 'full',
  rescheduleHref: '/inicio/mis-clases-virtuales/c1/reprogramar',
}
const guest: ClassCard = { ...host, role: 'participante', accessCode: null, guests: [], canLeave: true, cancel: null, rescheduleHref: null }

const BOOKING: OpenBookingView = {
  classId: 'c9',
  start: START,
  end: END,
  type: 'individual',
  people: 1,
  text: '',
  standing: 'unpaid',
  slot: 'held',
  keptUntil: null,
  expiresAt: plus(OPENS, 20 * 60_000),
  rejection: null,
  resumeHref: '/volver-a-pagar',
}

async function render(classes: readonly ClassCard[], now = OPENS, more: Partial<MyClassesView> = {}): Promise<string> {
  const chrome: Chrome = {
    asset: (name) => `/assets/${name}`,
    theme: 'system',
    path: '/inicio/mis-clases-virtuales',
    person: { name: 'Ana Ruiz', email: 'ana@example.com', isAdmin: false },
    now,
  }
  const page = (
    <MyClassesPage
      chrome={chrome}
      classes={classes}
      open={[]}
      codeForm={{ value: '', error: null, enterHref: null }}
      joinLeadMinutes={60}
      refundUntilHours={24}
      origin="https://example.com"
      {...more}
    />
  )
  return String(await page)
}

/** What is on the page, without what waits inside templates. */
const shown = (html: string) => html.replace(/<template>.*?<\/template>/gs, '')

describe('the join control', () => {
  it('is absent one second before the window, and waits in a template', async () => {
    const html = await render([host], plus(OPENS, -1_000))
    expect(shown(html)).not.toContain('/join')
    expect(html).toContain(JOIN_LINK)
    expect(shown(html)).toContain('El botón para entrar aparece a las 17:00.')
  })

  it('is present from the first instant of the window until the last second', async () => {
    for (const now of [OPENS, START, plus(END, -1_000)]) expect(shown(await render([host], now))).toContain(JOIN_LINK)
  })

  it('is absent at the end', async () => {
    expect(shown(await render([host], END))).not.toContain('/join')
  })

  it('does not exist for a cancelled class, whatever the time', async () => {
    const cancelled: ClassCard = {
      ...host,
      status: 'cancelled',
      cancelReason: 'admin_cancelled',
      accessCode: null,
      cancel: null,
      rescheduleHref: null,
    }
    const html = await render([cancelled], START)
    expect(html).not.toContain('/join')
    expect(html).toContain('Cancelada por el profesor')
  })
})

describe('the code', () => {
  it('is on the host’s page, ready to copy and to share', async () => {
    const html = await render([host])
    expect(html).toContain('data-copy="K7Q2MX9D"')
    expect(html).toContain('Compartí este código solo con quienes van a participar.')
    expect(html).toContain('https://wa.me/?text=')
  })

  it('is not offered to be shared once everybody is in', async () => {
    const share = /data-invite="c1" hidden/
    expect(await render([{ ...host, people: 4 }])).not.toMatch(share)
    const full = await render([{ ...host, people: 5 }])
    expect(full).toContain('Están todos.')
    expect(full).toMatch(share)
  })

  it('can be read but not copied or shared when the class is individual', async () => {
    const html = await render([{ ...host, type: 'individual', people: 1, peopleMax: 1 }])
    expect(html).toContain('>K7Q2MX9D<')
    expect(html).not.toContain('data-copy')
    expect(html).not.toContain('Compartí este código')
    expect(html).not.toContain('wa.me')
  })

  it('is nowhere on a guest’s page', async () => {
    const html = await render([guest])
    expect(html).toContain('Solo el anfitrión')
    expect(html).not.toContain('code-boxes')
    expect(html).not.toContain('code-text')
    expect(html).not.toContain('Cancelar clase')
  })
})

describe('cancelling', () => {
  it('says what comes back before it is confirmed', async () => {
    expect(await render([host])).toContain('Se te va a reembolsar el total.')
    expect(await render([{ ...host, cancel: 'none' }])).toContain('Faltan menos de 24 horas: no corresponde reembolso.')
  })
})

describe('rescheduling', () => {
  it('is offered exactly where it is allowed', async () => {
    const link = 'href="/inicio/mis-clases-virtuales/c1/reprogramar"'
    expect((await render([host])).split(link)).toHaveLength(3)
    for (const card of [guest, { ...host, rescheduleHref: null }]) expect(await render([card])).not.toContain('Reprogramar')
  })
})

describe('what a class says about itself', () => {
  it('why it cannot be moved any more', async () => {
    const late = await render([{ ...host, rescheduleHref: null, noReschedule: { why: 'too-late', hours: 12 } }])
    expect(late.split('Faltan menos de 12 horas: ya no se puede reprogramar.')).toHaveLength(3)
    expect(await render([{ ...host, rescheduleHref: null, noReschedule: { why: 'used-up', times: 2 } }])).toContain(
      'Ya la reprogramaste dos veces.',
    )
    expect(await render([guest])).not.toContain('reprogram')
  })

  it('that its hours are Argentine, and the reader’s own beside each of them', async () => {
    const html = await render([host])
    expect(html).toContain('Horario de Argentina.')
    // In the ticket and in the row; and when the button appears.
    expect(html.split(`data-instant="${START.toISOString()}"`)).toHaveLength(3)
    expect(html).toContain(`data-instant="${OPENS.toISOString()}"`)
  })

  it('what an invitation needs: from when the code works, and a link that fills it in', async () => {
    const text = decodeURIComponent(/https:\/\/wa\.me\/\?text=([^"]*)/.exec(await render([host]))?.[1] ?? '')
    expect(text).toContain('https://example.com/inicio/mis-clases-virtuales?invitacion=K7Q2MX9D')
    expect(text).toContain('Funciona desde 60 minutos antes.')
  })

  it('that an individual class needs no code', async () => {
    expect(await render([{ ...host, type: 'individual', people: 1, peopleMax: 1 }])).toContain('(en las clases individuales no hace falta)')
  })

  it('when to come back, for who has the right code too early', async () => {
    const codeForm = { value: 'K7Q2MX9D', error: 'Todavía no', enterHref: null, startsAt: START }
    expect(await render([], OPENS, { codeForm })).toContain('La clase es el jueves 26 de noviembre a las 18:00, hora de Argentina.')
  })

  it('puts whoever typed a bad code back at the field', async () => {
    expect(await render([], OPENS, { codeForm: { value: 'X', error: 'No', enterHref: null } })).toContain('autofocus')
    expect(await render([])).not.toContain('autofocus')
  })
})

describe('texts', () => {
  it('are the fixed ones, and follow the configured minutes', async () => {
    const html = await render([host])
    expect(html).toContain(
      'Aqui veras las clases virtuales que tengas reservadas. El boton para unirse a la clase aparecera 60 minutos antes de que comience la clase.',
    )
    expect([...html.matchAll(/<th scope="col">([^<]*)<\/th>/g)].map(([, text]) => text)).toEqual([
      'Día',
      'Horario',
      'Tipo',
      'Rol',
      'Estado',
      'Tarea IA',
      'Código',
    ])
    expect(html).toContain('Grupal (2/5)')
    expect(await render([host], OPENS, { joinLeadMinutes: 30 })).toContain('aparecera 30 minutos antes')
  })

  it('of people are escaped wherever they stand', async () => {
    const hostile = '<img src=x onerror=alert(1)>"\''
    const html = await render([{ ...host, objective: hostile }], OPENS, { codeForm: { value: hostile, error: hostile, enterHref: null } })
    expect(html).not.toContain('<img')
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;')
  })

  it('say that there is nothing yet', async () => {
    expect(await render([])).toContain('No hay clases por mostrar.')
  })

  it('lead from the ticket and from the row to everything about the class', async () => {
    expect((await render([host])).match(/href="\/inicio\/clases\/c1"/g)).toHaveLength(2)
  })

  it('name the class that is being prepared, and do not say at the same time that there is none', async () => {
    const html = await render([], OPENS, { open: [{ ...BOOKING, standing: 'preparing', expiresAt: null }] })
    expect(html).toContain('Tu pago fue aprobado. Estamos preparando el enlace de tu clase.')
    expect(html).toContain('Jueves 26 de noviembre, 18:00 a 19:00 hs.')
    expect(html).toContain('href="/inicio/clases/c9/pase"')
    expect(html).not.toContain('No hay clases por mostrar.')
  })

  it('lead back to a hold that was not paid', async () => {
    const html = await render([], OPENS, { open: [BOOKING] })
    expect(html).toContain('Te falta pagar una clase')
    expect(html).toContain('href="/volver-a-pagar"')
    expect(html).toContain('20:00')
  })

  it('name a hold that runs out before the class that can be entered now, in few words, and what can wait after it', async () => {
    const paid = { ...BOOKING, classId: 'c8', standing: 'preparing', expiresAt: null } as const
    const later = { ...BOOKING, classId: 'c7', resumeHref: '/pagar-despues', rejection: 'cc_rejected_insufficient_amount' }
    const soon = { ...BOOKING, classId: 'c6', resumeHref: '/pagar-ya', expiresAt: new Date(OPENS.getTime() + 60_000) }
    const html = await render([host], OPENS, { open: [paid, { ...later, expiresAt: new Date(OPENS.getTime() + 900_000) }, soon] })
    const order = ['href="/pagar-ya"', 'href="/pagar-despues"', 'class="ticket"', 'Estamos preparando el enlace'].map((part) =>
      html.indexOf(part),
    )
    expect(order).toEqual(order.toSorted((a, b) => a - b))
    expect(order[0]).toBeGreaterThan(0)
    expect(html).toContain('Ver la otra reserva sin terminar')
    expect(html).not.toContain('fue rechazado')
    expect(await render([host], new Date(OPENS.getTime() - 1), { open: [later] })).toContain('fue rechazado')
  })
})

describe('who is in', () => {
  it('the host sees the guests by name and since when, and can release each seat or change the code', async () => {
    const html = await render([host])
    expect(html).toContain('Beto Sosa</strong> <span class="soft">Se unió a las 17:00, entró a las 18:00</span>')
    expect(html).toContain('Caro Díaz</strong> <span class="soft">Se unió a las 17:00</span>')
    expect(html).toContain('action="/inicio/clases/c1/lugares/p2/liberar"')
    expect(html).toContain('name="actual" value="K7Q2MX9D"')
    expect(html).not.toContain('/salir')
  })

  it('a guest can leave while the class has not begun', async () => {
    expect(await render([guest])).toContain('action="/inicio/clases/c1/salir"')
    expect(await render([{ ...guest, canLeave: false }])).not.toContain('/salir')
  })

  it('a guest sees who invited and what the class is about, and nobody else', async () => {
    const html = await render([{ ...guest, hostName: 'Sofía Pereyra' }])
    expect(html).toContain('Te invitó Sofía Pereyra.')
    expect(html).toContain('Repasar verbos')
    expect(html).not.toContain('data-guests')
    expect(html).not.toContain('liberar')
  })
})
