import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Deps } from '../../src/deps.ts'
import { ensureTeacher } from '../../src/features/academy/store.ts'
import { atGoogle, comeBack, cookiesSet } from '../support/google-pages.ts'
import { openWorld, type World } from '../support/world.ts'

const TEACHER = 'profe@hablainglesya.test'
const OTHER_CALENDAR = 'clases@group.calendar.test'

interface Change {
  adminEmail?: string
  calendarId?: string
}

/** The product starts again, with another configuration. */
async function startAgain(world: World, change: Change = {}): Promise<void> {
  const { config } = world.deps
  const google = { ...config.google, ...(change.calendarId ? { calendarId: change.calendarId } : {}) }
  const deps: Deps = { ...world.deps, config: { ...config, ...(change.adminEmail ? { adminEmail: change.adminEmail } : {}), google } }
  await ensureTeacher(deps)
}

async function teacher(world: World): Promise<{ email: string; calendar_id: string }> {
  const [row] = await world.rows<{ email: string; calendar_id: string }>('SELECT email, calendar_id FROM teacher')
  return row ?? { email: '', calendar_id: '' }
}

async function openCases(world: World): Promise<{ reason: string; detail: string }[]> {
  return world.rows(`SELECT reason, detail FROM attention_case WHERE subject = 'connection' AND resolved_at IS NULL ORDER BY detail`)
}

const warnings = (world: World) =>
  world.logged.filter(({ message }) => message.includes('not followed')).map(({ fields }) => fields.variable)

describe('ADMIN_EMAIL and CALENDAR_ID at a later start, before anybody has signed in', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld({ calendar: false })
  })
  afterAll(() => world.close())

  it('are followed: the teacher who waits is another one, with another calendar', async () => {
    await startAgain(world, { adminEmail: 'otra@hablainglesya.test', calendarId: OTHER_CALENDAR })
    expect(await teacher(world)).toEqual({ email: 'otra@hablainglesya.test', calendar_id: OTHER_CALENDAR })
    await startAgain(world)
    expect(await teacher(world)).toEqual({ email: TEACHER, calendar_id: 'primary' })
    expect(await world.rows('SELECT id FROM teacher')).toHaveLength(1)
    expect(await openCases(world)).toEqual([])
    expect(warnings(world)).toEqual([])
  })
})

describe('ADMIN_EMAIL and CALENDAR_ID at a later start, with a teacher and a calendar', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
    await world.admin()
  })
  afterAll(() => world.close())

  it('say clearly that they are not followed, once, and say nothing any more when they fit again', async () => {
    for (let starts = 0; starts < 2; starts++)
      await startAgain(world, { adminEmail: 'otra@hablainglesya.test', calendarId: OTHER_CALENDAR })
    expect(await teacher(world)).toEqual({ email: TEACHER, calendar_id: 'primary' })
    expect(warnings(world)).toEqual(['ADMIN_EMAIL', 'CALENDAR_ID', 'ADMIN_EMAIL', 'CALENDAR_ID'])
    const [told, ...others] = await openCases(world)
    expect(others).toEqual([])
    expect(told?.reason).toBe('calendar_changed')
    expect(told?.detail).toContain('ADMIN_EMAIL')
    expect(told?.detail).toContain('CALENDAR_ID')
    expect(JSON.stringify(world.logged)).not.toContain('otra@hablainglesya.test')
    await startAgain(world)
    expect(await openCases(world)).toEqual([])
  })

  it('connecting again takes the configured calendar', async () => {
    await world.control('/google/calendars', { email: TEACHER, id: OTHER_CALENDAR })
    const admin = await world.admin()
    await startAgain(world, { calendarId: OTHER_CALENDAR })
    expect(await openCases(world)).toHaveLength(1)
    await world.settle()
    world.deps.config = { ...world.deps.config, google: { ...world.deps.config.google, calendarId: OTHER_CALENDAR } }
    const begun = await admin.submit('/api/admin/google/connect', {})
    const callback = await atGoogle(begun.headers.get('location') ?? '', { email: TEACHER })
    const done = await comeBack(world, callback, `${admin.cookie}; ${cookiesSet(begun)}`)
    expect(done.headers.get('location')).toBe('/admin/google?ok=connected')
    expect((await teacher(world)).calendar_id).toBe(OTHER_CALENDAR)
    expect(await openCases(world)).toEqual([])
    await startAgain(world)
    expect(await openCases(world)).toEqual([])
  })
})
