import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shareFiles } from '../../src/features/public-file/share.ts'
import { DAY_MS } from '../../src/kernel/clock.ts'
import { loadAssets } from '../../src/web/assets.ts'
import { openWorld, type World } from '../support/world.ts'

describe('the files of another build', () => {
  let world: World
  let folder = ''
  beforeAll(async () => {
    world = await openWorld({ calendar: false })
    folder = await mkdtemp(join(tmpdir(), 'build-'))
    await writeFile(join(folder, 'sw.js'), '')
  })
  afterAll(async () => {
    await world?.close()
    await rm(folder, { recursive: true })
  })

  /** A process that starts with this style sheet; `questions`: how often it asked the database for files. */
  async function start(name: string, content: string, encoded?: string) {
    await writeFile(join(folder, 'manifest.json'), JSON.stringify({ 'styles.css': name }))
    await writeFile(join(folder, name), content)
    if (encoded !== undefined) await writeFile(join(folder, `${name}.br`), encoded)
    const handle = world.deps.db.handle
    const asked = { questions: 0 }
    const counting = new Proxy(handle, {
      get: (target, property) => {
        if (property === 'execute') asked.questions += 1
        const value = Reflect.get(target, property)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const deps = { clock: world.clock, db: { ...world.deps.db, handle: counting } }
    const assets = await loadAssets(folder, null, (files) => shareFiles(deps, files))
    const app = new Hono().use('/assets/*', assets.serve)
    const get = async (path: string, headers: Record<string, string> = {}) => {
      const answer = await app.request(path, { headers })
      return answer.status === 200 ? `${answer.headers.get('content-type')}: ${await answer.text()}` : answer.status
    }
    return Object.assign(asked, { get })
  }

  it('are had from a process of the build before and of the build after, also compressed, and kept in memory', async () => {
    const before = await start('styles.1.css', 'before')
    const after = await start('styles.2.css', 'after', 'compressed')
    expect(await before.get('/assets/styles.2.css')).toBe('text/css; charset=utf-8: after')
    expect(await before.get('/assets/styles.2.css', { 'accept-encoding': 'br' })).toBe('text/css; charset=utf-8: compressed')
    expect(before.questions).toBe(2)
    expect(await after.get('/assets/styles.1.css')).toBe('text/css; charset=utf-8: before')
    expect([await before.get('/assets/styles.1.css'), await after.get('/assets/styles.2.css')]).toHaveLength(2)
    expect([before.questions, after.questions]).toEqual([2, 2])
  })

  it('that no build has are not there, and a crowd that asks for such costs two questions', async () => {
    const one = await start('styles.3.css', 'third')
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => one.get(`/assets/invented-${i}.css`)))
    expect(new Set(answers)).toEqual(new Set([404]))
    expect(one.questions).toBe(2)
  })

  it('go a week after no process started with them any more', async () => {
    await start('styles.4.css', 'fourth')
    await start('styles.5.css', 'fifth')
    world.clock.advance(6 * DAY_MS)
    const sixth = await start('styles.6.css', 'sixth')
    expect(await sixth.get('/assets/styles.4.css')).toContain('fourth')
    world.clock.advance(2 * DAY_MS)
    const again = await start('styles.6.css', 'sixth')
    expect([await again.get('/assets/styles.4.css'), await again.get('/assets/styles.5.css')]).toEqual([
      404,
      'text/css; charset=utf-8: fifth',
    ])
  })
})
