import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts'
import { json } from '../support/booking.ts'
import { classFor, expectCleanLog, freshSlots, later, meetUrlOf, newcomer } from '../support/scene.ts'
import { type Client, MONDAY_9H, openWorld, type World } from '../support/world.ts'

const TEXT = {
  badCode: 'El código debe tener exactamente 8 letras o números',
  tooMany: 'Demasiados intentos. Probá de nuevo en unos minutos.',
  unknown: (code: string) => `No se encontro ninguna clase asociada a este codigo: ${code}`,
  ownClass: 'El creador de la clase no puede unirse como participante',
  expired: 'El código expiró: la clase fue cancelada o reprogramada.',
  over: 'La clase ya ha finalizado.',
  early: 'Todavía no podés unirte: la clase se habilita 60 minutos antes de que comience.',
  started: 'La clase ya comenzó y no admite nuevos ingresos.',
  again: 'El usuario ya está registrado en la clase',
  full: 'La clase ya alcanzó el número máximo de participantes',
}

const slotOf = freshSlots()

function redeem(client: Client, code: unknown): Promise<Response> {
  return client.post('/api/access-code', { accessCode: code })
}

/** The whole answer is the message: no link, no time, no host, whatever the reason. */
async function expectRefusal(answer: Response, status: number, message: string): Promise<void> {
  expect({ status: answer.status, body: await json(answer) }).toEqual({ status, body: { response: { message } } })
}

async function seats(world: World, classId: string): Promise<{ rol: string; completed: boolean; task_id: string | null }[]> {
  return world.rows('SELECT rol, completed, task_id FROM participation WHERE class_id = $1 ORDER BY seat', [classId])
}

describe('POST /api/access-code (behaviour 4.7)', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())
  beforeEach(() => world.clock.set(MONDAY_9H))

  it('row 1: an anonymous caller gets 401, with a real code as with an unknown one', async () => {
    const { code, start } = await classFor(world, 2, slotOf())
    world.clock.set(start)
    for (const tried of [code, 'ZZZZZZZZ']) {
      const answer = await redeem(world.anonymous, tried)
      expect({ status: answer.status, body: await json(answer) }).toEqual({ status: 401, body: { error: 'Unauthorized' } })
    }
    const foreign = await world.anonymous.post('/api/access-code', { accessCode: code }, { origin: 'https://otro.example' })
    expect(foreign.status).toBe(401)
  })

  it('after row 1: a page of another site is refused', async () => {
    const { code, start, classId } = await classFor(world, 2, slotOf())
    world.clock.set(start)
    const guest = await newcomer(world)
    const answer = await guest.post('/api/access-code', { accessCode: code }, { origin: 'https://otro.example' })
    expect({ status: answer.status, body: await json(answer) }).toEqual({ status: 403, body: { error: 'Origen no permitido' } })
    expect(await seats(world, classId)).toHaveLength(1)
  })

  it.each([
    ['7 characters', '{"accessCode":"A3B5C7D"}'],
    ['9 characters', '{"accessCode":"A3B5C7D9E"}'],
    ['another character', '{"accessCode":"A3B5C7D!"}'],
    ['a space inside', '{"accessCode":"A3B5 C7D"}'],
    ['null', 'null'],
    ['a code that is null', '{"accessCode":null}'],
    ['nothing', '{}'],
    ['a list', '["A3B5C7D9"]'],
    ['a number', '12345678'],
    ['a number as code', '{"accessCode":12345678}'],
    ['an object as code', '{"accessCode":{"toString":"A3B5C7D9"}}'],
    ['text without quotes', 'A3B5C7D9'],
    ['an empty body', ''],
    ['a very long code', JSON.stringify({ accessCode: 'A'.repeat(10_000) })],
    ['a NUL character', '{"accessCode":"A3B5C7D\\u0000"}'],
  ])('row 2: %s is no code', async (_, body) => {
    await expectRefusal(await (await world.student(0)).post('/api/access-code', body), 400, TEXT.badCode)
  })

  it.each([
    ['a bare string in lower case', '"a3b5c7d9"'],
    ['lower case and spaces', '{"accessCode":" a3b5c7d9 "}'],
    ['as written', '{"accessCode":"A3B5C7D9"}'],
  ])('row 4: %s is echoed trimmed and upper-cased (D15)', async (_, body) => {
    world.clock.set('2026-11-23T13:00:00Z')
    await expectRefusal(await (await world.student(1)).post('/api/access-code', body), 404, TEXT.unknown('A3B5C7D9'))
  })

  it('success: the documented fields and nothing else, in all accepted forms alike', async () => {
    const { code, start, end, classId } = await classFor(world, 5, slotOf(), 'Entrevista')
    world.clock.set(start)
    const link = await meetUrlOf(world, classId)
    const bodies = [JSON.stringify(code), JSON.stringify({ accessCode: ` ${code.toLowerCase()} ` }), JSON.stringify({ accessCode: code })]
    for (const [index, body] of bodies.entries()) {
      const answer = await (await newcomer(world)).post('/api/access-code', body)
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect({ status: answer.status, body: await json(answer) }).toEqual({
        status: 200,
        body: {
          response: {
            id: classId,
            htmlLink: link,
            startTime: start,
            endTime: end,
            classType: 'grupal',
            currentParticipants: index + 2,
            maxParticipants: 5,
          },
        },
      })
    }
    const people = await seats(world, classId)
    expect(people.map(({ rol }) => rol)).toEqual(['anfitrion', 'participante', 'participante', 'participante'])
    expect(people.every(({ completed, task_id }) => !completed && task_id === null)).toBe(true)
  })

  it('row 5: whoever booked the class cannot join it, at any time, cancelled or not', async () => {
    const { code, host, start, end, classId } = await classFor(world, 2, slotOf())
    for (const now of [MONDAY_9H, start, end]) {
      world.clock.set(now)
      await expectRefusal(await redeem(host, code), 403, TEXT.ownClass)
    }
    world.clock.set(MONDAY_9H)
    await host.post(`/api/classes/${classId}/cancel`)
    await expectRefusal(await redeem(host, code), 403, TEXT.ownClass)
  })

  it('row 6: the code of a cancelled class expired, before, during and after its time', async () => {
    const { code, host, start, end, classId } = await classFor(world, 2, slotOf())
    await host.post(`/api/classes/${classId}/cancel`)
    const guest = await newcomer(world)
    for (const now of [MONDAY_9H, start, end]) {
      world.clock.set(now)
      await expectRefusal(await redeem(guest, code), 410, TEXT.expired)
    }
  })

  it('row 6: a code that was replaced expired, the new one works (D10)', async () => {
    const { code, start, classId } = await classFor(world, 2, slotOf())
    await world.rows(`UPDATE access_code SET retired_at = $2, retire_reason = 'rescheduled' WHERE class_id = $1`, [classId, MONDAY_9H])
    await world.rows(`INSERT INTO access_code (code, class_id, issued_at) VALUES ('NUEVO001', $1, $2)`, [classId, MONDAY_9H])
    world.clock.set(start)
    const guest = await newcomer(world)
    await expectRefusal(await redeem(guest, code), 410, TEXT.expired)
    expect((await redeem(guest, 'NUEVO001')).status).toBe(200)
  })

  it('row 7: a completed class is over, also for those who had joined', async () => {
    const { code, start, end, classId } = await classFor(world, 2, slotOf())
    const guest = await newcomer(world)
    world.clock.set(start)
    expect((await redeem(guest, code)).status).toBe(200)
    world.clock.set(end)
    await world.settle()
    const [row] = await world.rows('SELECT status FROM virtual_class WHERE id = $1', [classId])
    expect(row).toEqual({ status: 'completed' })
    await expectRefusal(await redeem(guest, code), 410, TEXT.over)
    await expectRefusal(await redeem(await newcomer(world), code), 410, TEXT.over)
  })

  it('row 9: who joined before gets the link again, without a second seat (D16)', async () => {
    const { code, start, end, classId } = await classFor(world, 2, slotOf())
    const guest = await newcomer(world)
    world.clock.set(start)
    const first = (await json(redeem(guest, code))) as { response: Record<string, unknown> }
    world.clock.set(later(end, -SECOND_MS))
    const again = await redeem(guest, code)
    expect({ status: again.status, body: await json(again) }).toEqual({
      status: 200,
      body: { response: { ...first.response, message: TEXT.again } },
    })
    expect(await seats(world, classId)).toHaveLength(2)
    world.clock.set(end)
    await expectRefusal(await redeem(guest, code), 410, TEXT.over)
  })

  it.each([
    ['start − 60 min − 1 s', -HOUR_MS - SECOND_MS, 'start', { status: 403, message: TEXT.early }],
    ['start − 60 min', -HOUR_MS, 'start', { status: 200 }],
    ['start − 1 s', -SECOND_MS, 'start', { status: 200 }],
    ['start', 0, 'start', { status: 200 }],
    ['start + 1 s', SECOND_MS, 'start', { status: 200 }],
    ['end − 1 s', -SECOND_MS, 'end', { status: 200 }],
    ['end', 0, 'end', { status: 410, message: TEXT.over }],
    ['end + 1 s', SECOND_MS, 'end', { status: 410, message: TEXT.over }],
  ] as const)('boundary: at %s', async (_, offset, edge, expected) => {
    const scene = await classFor(world, 2, slotOf())
    world.clock.set(later(scene[edge], offset))
    const answer = await redeem(await newcomer(world), scene.code)
    if (expected.status === 200) expect(answer.status).toBe(200)
    else await expectRefusal(answer, expected.status, expected.message)
    expect(await seats(world, scene.classId)).toHaveLength(expected.status === 200 ? 2 : 1)
  })

  it.each([2, 3, 4, 5])('capacity: a class for %i takes that many people less the host, and no more', async (people) => {
    const { code, start, classId } = await classFor(world, people, slotOf())
    world.clock.set(start)
    for (let guests = 1; guests < people; guests++) expect((await redeem(await newcomer(world), code)).status).toBe(200)
    await expectRefusal(await redeem(await newcomer(world), code), 409, TEXT.full)
    expect(await seats(world, classId)).toHaveLength(people)
  })

  it('row 10: an individual class is full from the beginning (D18a)', async () => {
    const { code, start, classId } = await classFor(world, 1, slotOf())
    world.clock.set(start)
    await expectRefusal(await redeem(await newcomer(world), code), 409, TEXT.full)
    expect(await seats(world, classId)).toHaveLength(1)
  })

  it('concurrency: eight people at once on three free seats give three joins and five refusals', async () => {
    const { code, start, classId } = await classFor(world, 4, slotOf())
    const people: Client[] = []
    for (let index = 0; index < 8; index++) people.push(await newcomer(world))
    world.clock.set(start)
    const answers = await Promise.all(people.map((guest) => redeem(guest, code)))
    expect(answers.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(3)
    for (const answer of answers.filter(({ status }) => status !== 200)) await expectRefusal(answer, 409, TEXT.full)
    expect(await seats(world, classId)).toHaveLength(4)
  })

  it('concurrency: one person ten times at once takes one seat, and every answer is 200', async () => {
    const { code, start, classId } = await classFor(world, 5, slotOf())
    const guest = await newcomer(world)
    world.clock.set(start)
    const answers = await Promise.all(Array.from({ length: 10 }, () => redeem(guest, code)))
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200))
    const bodies = (await Promise.all(answers.map(json))) as { response: { message?: string; currentParticipants: number } }[]
    expect(bodies.filter(({ response }) => response.message === undefined)).toHaveLength(1)
    expect(new Set(bodies.map(({ response }) => response.currentParticipants))).toEqual(new Set([2]))
    expect(await seats(world, classId)).toHaveLength(2)
  })

  it('concurrency: a join beside a cancellation is either made before it or refused as expired', async () => {
    const { code, host, start, classId } = await classFor(world, 2, slotOf())
    const guest = await newcomer(world)
    world.clock.set(later(start, -MINUTE_MS))
    const [joined, cancelled] = await Promise.all([redeem(guest, code), host.post(`/api/classes/${classId}/cancel`)])
    expect(cancelled.status).toBe(200)
    if (joined.status === 200) expect(await seats(world, classId)).toHaveLength(2)
    else {
      await expectRefusal(joined, 410, TEXT.expired)
      expect(await seats(world, classId)).toHaveLength(1)
    }
  })

  it('invariant 14: redeem(c) = redeem(lower(c)) = redeem(" c ") for one guest', async () => {
    const { code, start } = await classFor(world, 2, slotOf())
    const guest = await newcomer(world)
    world.clock.set(start)
    await redeem(guest, code)
    const answers = await Promise.all([code, code.toLowerCase(), ` ${code} `].map(async (form) => json(redeem(guest, form))))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  })

  it('a calendar that fails does not fail the join', async () => {
    const { code, start, classId } = await classFor(world, 2, slotOf())
    await world.control('/google/faults', { route: 'events.patch', kind: 'error', status: 503 })
    world.clock.set(start)
    expect((await redeem(await newcomer(world), code)).status).toBe(200)
    await world.settle()
    world.clock.advance(MINUTE_MS)
    await world.settle()
    const [row] = await world.rows<{ event: string }>('SELECT google_event_id AS event FROM virtual_class WHERE id = $1', [classId])
    const event = (await world.control(`/google/events/${row?.event}`)) as { attendees: unknown[] }
    expect(event.attendees).toHaveLength(2)
  })

  it('an internal failure answers 500 with the fixed text, and logs neither the code nor the person', async () => {
    const { code, start } = await classFor(world, 2, slotOf())
    const guest = await newcomer(world)
    world.clock.set(start)
    await world.rows('ALTER TABLE access_code RENAME TO access_code_away')
    const answer = await redeem(guest, code)
    await world.rows('ALTER TABLE access_code_away RENAME TO access_code')
    expect({ status: answer.status, body: await json(answer) }).toEqual({
      status: 500,
      body: { error: 'Failed to fetch Google Meet link' },
    })
    expect(world.logged.some(({ message }) => message === 'joining failed')).toBe(true)
    expect((await redeem(guest, code)).status).toBe(200)
    await expectCleanLog(world)
  })

  it('a code whose I, O, 1 and 0 were misread is the one that it can only be (decision 046)', async () => {
    const [first, second] = [await classFor(world, 3, slotOf()), await classFor(world, 3, slotOf())]
    const reissue = (classId: string, code: string) => world.rows('UPDATE access_code SET code = $2 WHERE class_id = $1', [classId, code])
    await reissue(first.classId, 'K0Q2IX9D')
    world.clock.set(first.start)
    const guest = await newcomer(world)
    for (const typed of ['KOQ21X9D', 'koq2ix9d', 'K0Q21X9D', 'K0Q2IX9D']) {
      const answer = await redeem(guest, typed)
      expect({ typed, status: answer.status, body: await json(answer) }).toMatchObject({
        status: 200,
        body: { response: { id: first.classId } },
      })
    }
    // Of another class, and the only one that is written so.
    await reissue(second.classId, 'KOQ2IX9D')
    await expectRefusal(await redeem(guest, 'KOQ21X9D'), 404, TEXT.unknown('KOQ21X9D'))
    expect((await redeem(guest, 'K0Q2IX9D')).status).toBe(200)
    expect(await json(await redeem(guest, 'KOQ2IX9D'))).toMatchObject({ response: { id: second.classId } })
  })

  it('row 3: ten wrong codes of one person in ten minutes, then even the right one has to wait', async () => {
    const { code, start } = await classFor(world, 2, slotOf())
    world.clock.set(start)
    const guest = await newcomer(world)
    for (let tries = 0; tries < 10; tries++)
      await expectRefusal(await redeem(guest, `WRONG00${tries}`), 404, TEXT.unknown(`WRONG00${tries}`))
    for (const tried of ['WRONG010', code]) {
      const answer = await redeem(guest, tried)
      const wait = Number(answer.headers.get('retry-after'))
      expect(wait).toBeGreaterThan(0)
      expect(wait).toBeLessThanOrEqual(600)
      await expectRefusal(answer, 429, TEXT.tooMany)
    }
    expect((await redeem(await newcomer(world), code)).status).toBe(200)
    world.clock.advance(10 * MINUTE_MS)
    expect(await json(redeem(guest, 'WRONG011'))).toEqual({ response: { message: TEXT.unknown('WRONG011') } })
  })

  it('row 3: only unknown codes count', async () => {
    const early = await classFor(world, 2, slotOf())
    const own = await classFor(world, 2, slotOf())
    const guest = own.host
    world.clock.set('2026-11-23T15:00:00Z')
    for (let tries = 0; tries < 12; tries++) {
      expect((await redeem(guest, 'corto')).status).toBe(400)
      expect((await redeem(guest, early.code)).status).toBe(403)
      expect((await redeem(guest, own.code)).status).toBe(403)
    }
    const [startsBeside, ownStart] = [await redeem(guest, early.code), await redeem(guest, own.code)].map((answer) =>
      answer.headers.get('class-start'),
    )
    // Told to whoever has the right code and is early, and to nobody else.
    expect(Date.parse(startsBeside ?? '')).toBeGreaterThan(Date.parse('2026-11-23T16:00:00Z'))
    expect(ownStart).toBeNull()
    const page = await (await guest.submit('/inicio/mis-clases-virtuales/unirme', { code: early.code })).text()
    expect(page).toContain(TEXT.early)
    expect(page).toMatch(/La clase es el \p{L}+ \d+ de \p{L}+ a las \d\d:\d\d, hora de Argentina\./u)
    await expectRefusal(await redeem(guest, 'WRONG011'), 404, TEXT.unknown('WRONG011'))
  })

  it('row 3: fifty wrong codes from one address, whoever tries', async () => {
    world.clock.set('2026-11-23T16:00:00Z')
    for (let person = 0; person < 5; person++) {
      const guest = await newcomer(world)
      for (let tries = 0; tries < 10; tries++) expect((await redeem(guest, `WRONG0${person}${tries}`)).status).toBe(404)
    }
    await expectRefusal(await redeem(await newcomer(world), 'WRONG099'), 429, TEXT.tooMany)
    world.clock.advance(10 * MINUTE_MS)
    await expectRefusal(await redeem(await newcomer(world), 'WRONG099'), 404, TEXT.unknown('WRONG099'))
  })
})

describe('POST /api/access-code with JOIN_CUTOFF=start and JOIN_LEAD_MINUTES=30 (D1, D1a)', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld({ env: { JOIN_CUTOFF: 'start', JOIN_LEAD_MINUTES: '30' } })
  })
  afterAll(() => world.close())
  beforeEach(() => world.clock.set(MONDAY_9H))

  it('row 8b: from the start on nobody new; who joined before is admitted again', async () => {
    const { code, start, classId } = await classFor(world, 5, slotOf())
    const guest = await newcomer(world)
    world.clock.set(later(start, -SECOND_MS))
    expect((await redeem(guest, code)).status).toBe(200)
    for (const late of [0, SECOND_MS, 30 * MINUTE_MS]) {
      world.clock.set(later(start, late))
      await expectRefusal(await redeem(await newcomer(world), code), 403, TEXT.started)
    }
    const again = await redeem(guest, code)
    expect(again.status).toBe(200)
    expect(await json(again)).toMatchObject({ response: { message: TEXT.again } })
    expect(await seats(world, classId)).toHaveLength(2)
  })

  it('the window and its text follow the configured lead', async () => {
    const { code, start } = await classFor(world, 5, slotOf())
    const guest = await newcomer(world)
    world.clock.set(later(start, -30 * MINUTE_MS - SECOND_MS))
    await expectRefusal(await redeem(guest, code), 403, 'Todavía no podés unirte: la clase se habilita 30 minutos antes de que comience.')
    world.clock.set(later(start, -30 * MINUTE_MS))
    expect((await redeem(guest, code)).status).toBe(200)
  })
})
