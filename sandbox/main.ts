import { z } from 'zod'
import { startSandbox } from './index.ts'

const port = z.coerce.number().int().min(0).max(65_531)
const Environment = z.object({
  /** Public address of the application: where sign-in returns to. */
  APP_URL: z.url().default('http://localhost:3000'),
  /** The first of four ports in a row: hub, Google, Mercado Pago, SMTP. 0 takes any free ones. */
  SANDBOX_PORT: port.default(3001),
  /** 1: also a model that writes exercises, on any free port. */
  SANDBOX_LLM: z.enum(['0', '1']).optional(),
  SANDBOX_DATA_FILE: z.string().min(1).optional(),
  /** A second secret for notifications, which applications are told to accept, too. */
  SANDBOX_SECOND_SECRET: z.string().min(1).optional(),
})

/**
 * The sandboxes in a process of their own: applications follow with `SANDBOX_URL` set to the printed address. Prints one line when everything
 * listens; ends on SIGINT or SIGTERM.
 */
async function main(): Promise<void> {
  const { APP_URL, SANDBOX_PORT, SANDBOX_LLM, SANDBOX_DATA_FILE, SANDBOX_SECOND_SECRET } = Environment.parse(process.env)
  const after = (offset: number) => (SANDBOX_PORT === 0 ? 0 : SANDBOX_PORT + offset)
  const appUrl = APP_URL.replace(/\/+$/, '')
  const sandbox = await startSandbox({
    ports: { hub: after(0), google: after(1), mercadoPago: after(2), smtp: after(3), ...(SANDBOX_LLM === '1' ? { llm: 0 } : {}) },
    ...(SANDBOX_DATA_FILE && { dataFile: SANDBOX_DATA_FILE }),
    ...(SANDBOX_SECOND_SECRET && { secondSecret: SANDBOX_SECOND_SECRET }),
    redirectUris: [`${appUrl}/api/auth/callback/google`],
    appUrl,
    allowLoopbackWebhooks: true,
  })
  const end = () => {
    sandbox.close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
  process.stdout.write(`SANDBOX_URL=${sandbox.urls.hub}\n`)
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
})
