import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** Half a minute each on an idle machine, side by side; how long it takes on a busy one proves nothing. */
const MINUTES_MAX = 10
const LIMIT_MS = (MINUTES_MAX + 1) * 60_000
const MUST_BE_ZERO = [
  'double classes',
  'lost pesos',
  'over-full classes',
  'duplicate events',
  'unanswered payments',
  'other broken invariants',
]

const CREW = ['--web', '3', '--workers', '2', '--in-turn']

interface Drilled {
  code: number | null
  output: string
  figure(label: string): number
}

function drill(...args: string[]): Promise<Drilled> {
  return drillIn({}, () => undefined, ...args)
}

/** `onOutput` gets the process and everything it has said so far. */
async function drillIn(
  env: Record<string, string>,
  onOutput: (child: ChildProcess, output: string) => void,
  ...args: string[]
): Promise<Drilled> {
  const child = spawn(process.execPath, ['test/drill/main.ts', '--quick', '--minutes-max', String(MINUTES_MAX), ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      onOutput(child, output)
    })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, output, figure: (label) => Number(new RegExp(`^ +${label}\\b.*? {2,}(\\d+)`, 'm').exec(output)?.[1] ?? Number.NaN) }
}

describe.concurrent('the drill', () => {
  for (const [where, kills, ...args] of [
    ['the embedded database', 1, '--students', '10', '--database', 'embedded'],
    ['PostgreSQL with 3 web and 2 worker processes, each killed in its turn', 5, '--students', '12', '--database', 'postgres', ...CREW],
  ] as const)
    it(`comes out clean on ${where}: people, faults, kill -9, and every zero is zero`, { timeout: LIMIT_MS }, async () => {
      const { code, output, figure } = await drill('--kills', String(kills), '--seed', '11', ...args)
      expect(
        MUST_BE_ZERO.map((label) => [label, figure(label)]),
        output,
      ).toEqual(MUST_BE_ZERO.map((label) => [label, 0]))
      expect(figure('crashes survived'), output).toBe(kills)
      expect(figure('classes'), output).toBeGreaterThan(0)
      expect(code, output).toBe(0)
    })

  it('notices payments that the product forgets', { timeout: LIMIT_MS }, async () => {
    const args = ['--students', '6', '--kills', '0', '--seed', '11', '--database', 'embedded', '--sabotage', 'payments-forgotten']
    const { code, output, figure } = await drill(...args)
    expect(figure('unanswered payments'), output).toBeGreaterThan(0)
    expect(figure('lost pesos'), output).toBeGreaterThan(0)
    expect(output).toContain('NOT CLEAN')
    expect(code).toBe(1)
  })

  it('leaves no folder behind, also when it is told twice to end while it settles', { timeout: LIMIT_MS }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'drill-e2e-'))
    let told = 0
    const endTwice = (child: ChildProcess, output: string) => {
      // `npm run` hands on a signal that its whole group has got already.
      if (told === 0 && output.includes('settling')) told = Number(child.kill('SIGTERM'))
      else if (told === 1 && output.includes('Ending')) told += Number(child.kill('SIGTERM'))
    }
    const args = ['--students', '2', '--kills', '0', '--seed', '11', '--database', 'embedded']
    const { code, output } = await drillIn({ TMPDIR: folder }, endTwice, ...args)
    expect(code, output).toBe(1)
    expect(told, output).toBe(2)
    expect(await readdir(folder)).toEqual([])
    await rm(folder, { recursive: true })
  })

  it('says what it does not understand, and starts nothing', { timeout: LIMIT_MS }, async () => {
    expect(await drill('--students', 'many')).toMatchObject({ code: 2, output: expect.stringContaining('--students') })
    expect(await drill('--sabotage', 'no-row-locks', '--database', 'embedded')).toMatchObject({
      code: 2,
      output: expect.stringContaining('shows on postgres only'),
    })
  })
})
