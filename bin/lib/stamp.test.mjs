import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { inputsHash, isBuilt, writeStamp } from './stamp.mjs'

describe('whether dist is up to date', () => {
  let root

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'stamp-'))
    write('src/main.ts', 'one')
    write('src/web/page.tsx', 'page')
    write('dist/main.js', '')
    write('dist/public/manifest.json', '{}')
    write('dist/migrations/001.sql', '')
    writeStamp(join(root, 'dist'), inputsHash(root))
  })

  afterEach(() => rmSync(root, { recursive: true, force: true }))

  it('is, as long as nothing the build reads has changed', () => {
    write('src/main.test.ts', 'tests are not built')
    utimesSync(join(root, 'src', 'main.ts'), 1, 1)
    expect(isBuilt(root)).toBe(true)
  })

  it.each([
    ['changed', () => write('src/main.ts', 'two')],
    ['added', () => write('sandbox/google/index.ts', 'new')],
    ['removed', () => rmSync(join(root, 'src', 'web', 'page.tsx'))],
    ['renamed', () => move('src/web/page.tsx', 'src/web/other.tsx', 'page')],
  ])('is not, when a source was %s', (_what, change) => {
    change()
    expect(isBuilt(root)).toBe(false)
  })

  it('is not, when a part of it is gone', () => {
    rmSync(join(root, 'dist', 'public'), { recursive: true })
    expect(isBuilt(root)).toBe(false)
  })

  function write(path, content) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }

  function move(from, to, content) {
    rmSync(join(root, from))
    write(to, content)
  }
})
