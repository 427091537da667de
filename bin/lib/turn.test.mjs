import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { inTurn } from './turn.mjs'

const folder = mkdtempSync(join(tmpdir(), 'turn-'))
const path = join(folder, 'inner', 'lock')
afterAll(() => rmSync(folder, { recursive: true }))

it('lets one after the other work, also when one fails', async () => {
  const order = []
  const work = (name) => async () => {
    order.push(`${name} begins`)
    await new Promise((resolve) => setImmediate(resolve))
    order.push(`${name} ends`)
    if (name === 'a') throw new Error('a failed')
  }
  const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((name) => inTurn(path, 10_000, work(name))))
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
  expect(order).toHaveLength(6)
  for (let i = 0; i < order.length; i += 2) expect(order[i + 1]).toBe(order[i].replace('begins', 'ends'))
  expect(existsSync(path)).toBe(false)
})

it('does not wait for one that has ended without a word, and not for ever for one that goes on', async () => {
  writeFileSync(path, String(spawnSync(process.execPath, ['-e', '']).pid))
  expect(await inTurn(path, 10_000, async () => 'done')).toBe('done')
  writeFileSync(path, String(process.pid))
  await expect(inTurn(path, 0, async () => 'done')).rejects.toThrow('Another process')
})
