import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DAY_MS, MINUTE_MS } from '../../src/kernel/clock.ts'
import { json } from '../support/booking.ts'
import { classFor, freshSlots, later, newcomer, type Scene } from '../support/scene.ts'
import { openWorld, type World } from '../support/world.ts'

describe('what was missed comes back', () => {
  let world: World
  let scene: Scene
  let missed: number
  beforeAll(async () => {
    world = await openWorld({ env: { SOLUTION_DELAY_MINUTES: String(DAY_MS / MINUTE_MS) } })
    scene = await classFor(world, 1, freshSlots()(), 'Mi rutina')
    world.clock.set(later(scene.end, MINUTE_MS))
    await world.settle()
    await world.settle()
  })
  afterAll(() => world.close())

  const review = async () => (await scene.host.get('/inicio/repaso')).text()
  const cardIn = (page: string) => /name="tarjeta" value="([^"]+)"/.exec(page)?.[1] ?? ''

  it('not before the next day nor before its solution may be seen, and not twice though it was handed in twice', async () => {
    const [task] = (await json(scene.host.get('/api/activities'))).response as { id: string }[]
    for (let time = 0; time < 2; time++) await scene.host.post(`/api/activities/${task?.id}/submit`, { answers: {} })
    missed = Number((await world.rows('SELECT count(*) AS n FROM review_card'))[0]?.n)
    expect(missed).toBeGreaterThan(7)
    expect(await review()).toContain('No hay nada para repasar hoy.')
    world.clock.advance(DAY_MS - MINUTE_MS)
    expect(await review()).toContain('No hay nada para repasar hoy.')
    world.clock.advance(MINUTE_MS)
    expect(await review()).toContain(`Repaso 1 de ${Math.min(missed, 10)}`)
    expect(await (await scene.host.get('/inicio/mis-actividades')).text()).toContain('Repaso de hoy')
    expect(await (await scene.host.get('/inicio')).text()).toContain('Tu repaso de hoy')
  })

  it('an answer is marked at once, counts once, and moves the item on', async () => {
    const card = cardIn(await review())
    const answered = await scene.host.submit('/inicio/repaso', { tarjeta: card, r: 'nothing of the kind' })
    expect([answered.status, answered.headers.get('location')]).toEqual([303, `/inicio/repaso?hecha=${card}`])
    expect(await (await scene.host.get(`/inicio/repaso?hecha=${card}`)).text()).toMatch(/Todavía no|Casi|¡Bien!/)
    await scene.host.submit('/inicio/repaso', { tarjeta: card, r: 'again' })
    expect((await world.rows('SELECT 1 FROM review_answer')).length).toBe(1)
    expect(cardIn(await review())).not.toBe(card)
  })

  it('is nobody else’s', async () => {
    const stranger = await newcomer(world)
    expect(await (await stranger.get('/inicio/progreso')).text()).not.toContain('El repaso de hoy está hecho.')
    const card = cardIn(await review())
    await stranger.submit('/inicio/repaso', { tarjeta: card, r: 'x' })
    expect((await world.rows('SELECT 1 FROM review_answer')).length).toBe(1)
    expect((await stranger.submit('/inicio/repaso', { tarjeta: 'x', r: 'x' })).status).toBe(404)
  })

  it('ten a day at most, then the day is done', async () => {
    for (let answered = 1; answered < 10; answered++) {
      const card = cardIn(await review())
      if (card !== '') await scene.host.submit('/inicio/repaso', { tarjeta: card, r: 'x' })
    }
    expect(await review()).toContain('Terminaste el repaso de hoy.')
  })

  it('shows the streak, the level and the topics, and proposes an objective for the next class', async () => {
    const page = await (await scene.host.get('/inicio/progreso')).text()
    for (const text of ['2 días seguidos', 'Tu nivel estimado', 'Mi día: presente simple']) expect(page).toContain(text)
    expect(await (await scene.host.get('/inicio/reservas')).text()).toContain('Te conviene practicar:')
  })

  it('is in the file of a person, and goes with the account', async () => {
    const file = await json(scene.host.get('/api/user-data/export'))
    expect((file.repasos as unknown[]).length).toBeGreaterThanOrEqual(missed)
  })
})
