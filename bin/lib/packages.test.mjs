import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { expectedFolders, hasDevPackages, installProblems, runtimePath } from './packages.mjs'

const HONO = { version: '4.0.0', integrity: 'sha512-hono' }
const VITEST = { version: '5.0.0', integrity: 'sha512-vitest', dev: true }
const LOCK = {
  packages: {
    '': { name: 'academy' },
    'node_modules/hono': HONO,
    'node_modules/vitest': VITEST,
    'node_modules/esbuild-other-platform': { version: '1.0.0', integrity: 'sha512-other', optional: true },
  },
}

describe('what is missing from node_modules', () => {
  let root

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'packages-'))
    writeFileSync(join(root, 'package.json'), JSON.stringify({ dependencies: { hono: '4.0.0' }, devDependencies: { vitest: '5.0.0' } }))
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify(LOCK))
  })

  afterEach(() => rmSync(root, { recursive: true, force: true }))

  it('is everything on a fresh clone', () => {
    expect(installProblems(root, { dev: false })).toEqual(['nothing is installed'])
  })

  it('is everything when an installation was interrupted before npm recorded it', () => {
    mkdirSync(join(root, 'node_modules', 'hono'), { recursive: true })
    expect(installProblems(root, { dev: false })).toEqual(['nothing is installed'])
  })

  it('is nothing after a full installation, for a start as well as for tests', () => {
    installed({ hono: HONO, vitest: VITEST })
    expect(installProblems(root, { dev: false })).toEqual([])
    expect(installProblems(root, { dev: true })).toEqual([])
    expect(hasDevPackages(root)).toBe(true)
  })

  it('is the development packages when only those of a start are there', () => {
    installed({ hono: HONO })
    expect(installProblems(root, { dev: false })).toEqual([])
    expect(installProblems(root, { dev: true })).toEqual(['node_modules/vitest is missing'])
    expect(hasDevPackages(root)).toBe(false)
  })

  it('is a package whose version or content the lock file has changed since', () => {
    installed({ hono: { ...HONO, version: '3.9.0' } })
    expect(installProblems(root, { dev: false })).toEqual(['node_modules/hono is not version 4.0.0'])
    installed({ hono: { ...HONO, integrity: 'sha512-tampered' } })
    expect(installProblems(root, { dev: false })).toEqual(['node_modules/hono is not version 4.0.0'])
  })

  it('is a package whose folder was deleted by hand', () => {
    installed({ hono: HONO })
    rmSync(join(root, 'node_modules', 'hono'), { recursive: true })
    expect(installProblems(root, { dev: false })).toEqual(['hono is missing'])
  })

  it('is the Node of the project when its script did not run', () => {
    writeFileSync(join(root, 'package.json'), JSON.stringify({ dependencies: { hono: '4.0.0', node: '26.0.0' } }))
    installed({ hono: HONO, node: {} })
    expect(installProblems(root, { dev: false })).toEqual(['the runtime is missing'])
    mkdirSync(dirname(runtimePath(root)))
    writeFileSync(runtimePath(root), '')
    expect(installProblems(root, { dev: false })).toEqual([])
  })

  it('expects no folder for packages of other platforms', () => {
    expect(expectedFolders(root, { dev: false })).toEqual([join(root, 'node_modules', 'hono')])
    expect(expectedFolders(root, { dev: true })).toHaveLength(2)
  })

  function installed(packages) {
    const record = Object.fromEntries(Object.entries(packages).map(([name, entry]) => [`node_modules/${name}`, entry]))
    for (const name of Object.keys(packages)) {
      mkdirSync(join(root, 'node_modules', name), { recursive: true })
      writeFileSync(join(root, 'node_modules', name, 'package.json'), '{}')
    }
    writeFileSync(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: record }))
  }
})
