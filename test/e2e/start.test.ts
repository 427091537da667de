import { execFile, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { programOf } from '../support/program.ts'
import { type Product, startProduct } from './product.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)

async function start(env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, programOf('start', env), {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...env },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
  return { code, output }
}

describe('starting the product', () => {
  let product: Product
  beforeAll(async () => {
    product = await startProduct()
  })
  afterAll(() => product?.dispose())

  it('prints where it is and who can sign in, and says what it runs on', async () => {
    expect(product.output()).toContain(product.baseUrl)
    for (const name of ['profe@hablainglesya.test', 'sofia.pereyra@correo.test', 'joaquin.sosa@correo.test'])
      expect(product.output()).toContain(name)
    // Whether the money would go to the right seller.
    const asked = async () => (await (await fetch(`${product.hub}/__control/log?part=mercado-pago&path=/users/me`)).json()).requests
    await expect.poll(asked).not.toEqual([])
    const health = (await (await fetch(`${product.baseUrl}/healthz`)).json()) as Record<string, unknown>
    expect(health).toMatchObject({ status: 'ok', database: 'embedded', sandbox: product.hub })
  })

  it('moves a page opened under another name of the machine to the one that sign-in returns to', async () => {
    const answer = await fetch(`${product.baseUrl.replace('localhost', '127.0.0.1')}/inicio/reservas?semana=2026-12-07`, {
      redirect: 'manual',
    })
    expect(answer.status).toBe(307)
    expect(answer.headers.get('location')).toBe(`${product.baseUrl}/inicio/reservas?semana=2026-12-07`)
  })

  it('runs the example twice in a row', async () => {
    for (let round = 0; round < 2; round++) {
      const { stdout } = await run('bash', ['examples/book-a-class.sh', product.baseUrl], { cwd: ROOT, timeout: 240_000 })
      const [code, link, ...rest] = stdout.trim().split('\n')
      expect(code).toMatch(/^[A-Z0-9]{8}$/)
      expect(link).toMatch(/\/meet\/[a-z]{3}-[a-z]{4}-[a-z]{3}$/)
      expect(rest).toEqual([])
    }
  })

  it('makes the example fail with a reason when there is no product', async () => {
    const failure = await run('bash', ['examples/book-a-class.sh', 'http://127.0.0.1:9'], { cwd: ROOT, timeout: 240_000 }).catch(
      (error: { code: number; stderr: string }) => error,
    )
    expect(failure).toMatchObject({ code: 1 })
    expect((failure as { stderr: string }).stderr).toContain('No salió como se prometió')
  })

  it('lists every wrong variable at once, without its value, and exits', async () => {
    const { code, output } = await start({
      PORT: 'ochenta',
      HOLD_MINUTES: 'x-secret-x',
      JOIN_CUTOFF: 'middle',
      DATABASE_URL: 'mysql://secret',
    })
    expect(code).toBe(1)
    for (const name of ['PORT', 'HOLD_MINUTES', 'JOIN_CUTOFF', 'DATABASE_URL']) expect(output).toContain(name)
    expect(output).not.toContain('secret')
  })

  it('refuses production with sandboxes, empty secrets or no admin', async () => {
    const { code, output } = await start({
      NODE_ENV: 'production',
      SANDBOX: '1',
      GOOGLE_API_URL: 'http://127.0.0.1:1/',
      MERCADO_PAGO_API_URL: 'http://127.0.0.1:1',
    })
    expect(code).toBe(1)
    for (const name of [
      'SANDBOX',
      'ADMIN_EMAIL',
      'AUTH_SECRET',
      'TOKEN_ENCRYPTION_KEY',
      'MERCADO_PAGO_WEBHOOK_SECRET',
      'GOOGLE_API_URL',
      'MERCADO_PAGO_API_URL',
    ]) {
      expect(output).toContain(name)
    }
  })

  it('says that a port or a data folder is taken', async () => {
    const port = new URL(product.baseUrl).port
    const { code, output } = await start({ PORT: port, DATA_DIR: `${process.env.TMPDIR ?? '/tmp'}/hablainglesya-never-${process.pid}` })
    expect(code).toBe(1)
    expect(output).toMatch(/puerto|port/i)
  })

  it('stops on SIGTERM with 0 and starts again on the same data', async () => {
    expect(await product.stop('SIGTERM')).toBe(0)
    product = await product.restart()
    const health = await fetch(`${product.baseUrl}/healthz`)
    expect(health.status).toBe(200)
  })
})
