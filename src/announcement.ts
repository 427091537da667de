import type { Config } from './config.ts'
import type { SandboxLink } from './sandbox-link.ts'

/**
 * What the start says once it answers: in one text, for one write, so that whoever waits for its first line has all of it. `port`: where this
 * process listens; null when it only works off jobs.
 */
export function announcement(
  config: Pick<Config, 'baseUrl' | 'databaseUrl' | 'sandboxUrl'>,
  sandbox: Pick<SandboxLink, 'accounts' | 'urls'> | null,
  milliseconds: number,
  port: number | null,
): string {
  const lines = [`Listo en ${milliseconds} ms: ${port === null ? 'trabajos' : whereItAnswers(config.baseUrl, port)}`]
  if (sandbox && !config.sandboxUrl) {
    lines.push('', 'Entorno de prueba (Google, Mercado Pago y correo en esta máquina). Cuentas para ingresar:')
    for (const account of sandbox.accounts)
      lines.push(`  ${account.role === 'admin' ? 'profesora ' : 'estudiante'}  ${account.email}  ${account.name}`)
    lines.push(`Tablero, reloj y casilla de correo: ${sandbox.urls.hub}`)
    // One process beside a server is a legitimate wish; a second one beside it, with a sandbox of its own, would not know the first one's payments.
    if (config.databaseUrl) lines.push('', `ATENCIÓN: ${ALONE}`)
  }
  return lines.join('\n')
}

/** The public address is that of all processes behind it: the port tells them apart. */
function whereItAnswers(baseUrl: string, port: number): string {
  return new URL(baseUrl).port === String(port) ? baseUrl : `${baseUrl} (puerto ${port})`
}

const ALONE =
  'este entorno de prueba es solo de este proceso. Otro proceso con la misma DATABASE_URL no conocería sus cuentas, pagos ni eventos: ' +
  'para más de uno, iniciá "npm run sandbox" y poné en cada proceso la SANDBOX_URL que muestra.'
