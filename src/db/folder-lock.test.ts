import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockFolder } from './folder-lock.ts'

const HERE = fileURLToPath(new URL('./folder-lock.ts', import.meta.url))
/** Takes the lock, says so, and stays until its input ends. */
const HOLDER = `
  const { lockFolder } = await import(process.argv[1])
  try { await lockFolder(process.argv[2]); process.stdout.write('mine'); process.stdin.resume() }
  catch (error) { process.stdout.write(error.message, () => process.exit(0)) }`

describe('the lock on a data folder', () => {
  let folder: string
  const children: ReturnType<typeof spawn>[] = []
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'folder-lock-'))
  })
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  })

  function start(): { said: Promise<string>; kill(): Promise<void> } {
    const child = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, HERE, folder], { stdio: ['pipe', 'pipe', 'ignore'] })
    children.push(child)
    const said = new Promise<string>((resolve) => child.stdout.once('data', (data) => resolve(String(data).trim())))
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    return {
      said,
      async kill() {
        child.kill('SIGKILL')
        await gone
      },
    }
  }

  it('refuses a second owner and names the first', async () => {
    const lock = await lockFolder(folder)
    await expect(lockFolder(folder)).rejects.toThrow(`La carpeta ${folder} ya está en uso por el proceso ${process.pid}.`)
    expect(await start().said).toContain(`ya está en uso por el proceso ${process.pid}.`)
    await lock.release()
    await (await lockFolder(folder)).release()
    expect(await readdir(folder)).not.toContain('server.pid')
  })

  it('is free at once when its owner was killed, whatever the file says', async () => {
    const owner = start()
    expect(await owner.said).toBe('mine')
    await owner.kill()
    // A number that lives, as after a restart in a container.
    await writeFile(join(folder, 'server.pid'), '1')
    await (await lockFolder(folder)).release()
  })

  it('lets one of several in that start at the same moment on what a dead process left', async () => {
    await writeFile(join(folder, 'server.pid'), '999999')
    const said = await Promise.all(Array.from({ length: 4 }, () => start().said))
    expect(said.filter((line) => line === 'mine')).toHaveLength(1)
  })
})
