import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

const LOOK_MS = 100

/**
 * Runs `work` while no other process does something under the same `path`, a file that holds its number: several processes may be started at the
 * same moment, and one of them installs and builds for all. Whoever holds it and has ended holds it no more. Throws when it takes longer than `limitMs`.
 */
export async function inTurn(path, limitMs, work) {
  const until = Date.now() + limitMs
  while (!take(path)) {
    if (Date.now() > until)
      throw new Error(`Another process has been preparing the product for too long. If there is none, delete ${path}.`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
  try {
    return await work()
  } finally {
    rmSync(path, { force: true })
  }
}

function take(path) {
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    // Where nothing can be written there is nothing to prepare, either.
    if (error.code !== 'EEXIST') return true
    if (!isHeld(path)) rmSync(path, { force: true })
    return false
  }
}

function isHeld(path) {
  try {
    // Empty for an instant, between being made and being written.
    const holder = Number(readFileSync(path, 'utf8') || process.pid)
    process.kill(holder, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
