import { z } from 'zod'
import { type Academy, type Pricing, parseAcademy, parsePricing } from './config-files.ts'

export type ClassType = 'individual' | 'grupal'

/** What one process does: answer requests, work off jobs, or both. */
export type ProcessRole = 'all' | 'web' | 'worker'

export interface Config {
  production: boolean
  sandbox: boolean
  /** Control address of sandboxes that run in a process of their own; null: they run in this one. */
  sandboxUrl: string | null
  role: ProcessRole
  /** How long a process that is being stopped still answers while its health says 503, so that a proxy has time to go elsewhere. */
  drainSeconds: number
  host: string
  port: number
  /** Public address without trailing slash. */
  baseUrl: string
  dataDir: string
  /** Null: the embedded database in `dataDir`. */
  databaseUrl: string | null
  /** A streaming replica of that server, for reads that may be some seconds old. */
  databaseReplicaUrl: string | null
  /** The server itself, where `databaseUrl` is a pooler's. */
  databaseDirectUrl: string | null
  logLevel: string
  /** How many reverse proxies stand before us and append to X-Forwarded-For. */
  trustedProxies: number
  authSecret: string
  /** First seals, all open. */
  tokenEncryptionKeys: string[]
  /** Lower-cased; empty means that nobody becomes admin. */
  adminEmail: string
  google: {
    clientId: string
    clientSecret: string
    redirectUri: string
    issuerUrl: string
    apiUrl: string
    calendarId: string
    /** Acts for the teachers by domain-wide delegation; null: each of them connects a calendar by consent. */
    serviceAccount: { email: string; privateKey: string } | null
  }
  mercadoPago: { accessToken: string; webhookSecrets: string[]; collectorId: string; apiUrl: string; acceptIpn: boolean }
  /** Whether a model is to write the exercises, and which. `service` null: there is none, or not yet (the sandbox brings its own). */
  llm: { wanted: boolean; service: { baseUrl: string; apiKey: string; model: string } | null; dailyTokensMax: number }
  /** Null: notices stay inside the product. */
  mail: { smtpUrl: string; from: string } | null
  holdMinutes: number
  maxUnpaidHolds: number
  joinLeadMinutes: number
  joinCutoff: 'end' | 'start'
  fullRefundHours: number
  rescheduleHours: number
  maxReschedules: number
  /** An event that the teacher moves to a free slot takes its class along: at once, or when they say so. */
  handMoves: 'accept' | 'ask'
  /** Google tells us of changes at our own address. */
  calendarPush: boolean
  /** How long the teacher may look at an exercise before it publishes itself; 0: published at once. */
  activityApprovalHours: number
  /** How long after the own start the solution may be seen at the earliest; null: right after the submission. */
  solutionDelayMinutes: number | null
  rateLimitScale: number
  pricing: Pricing
  academy: Academy
}

export type ConfigResult = { ok: true; config: Config } | { ok: false; errors: string[] }

const GOOGLE_ISSUER = 'https://accounts.google.com'
const GOOGLE_API = 'https://www.googleapis.com'
const MERCADO_PAGO_API = 'https://api.mercadopago.com'

const wholeNumber = (min: number, max: number) => z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(min).max(max))
const switchValue = z.enum(['0', '1']).transform((value) => value === '1')
const httpUrl = z.string().refine((text) => {
  const url = URL.parse(text)
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:')
})

/** What everything is joined to: no path, query, fragment or credentials. */
const publicUrl = httpUrl.refine((text) => {
  const url = URL.parse(text)
  return url !== null && !/[?#]/.test(text) && /^\/*$/.test(url.pathname) && url.username === '' && url.password === ''
})

/** The file that Google hands out for a service account, as one variable. */
const ServiceAccountFile = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown
    } catch {
      context.addIssue('no JSON')
      return z.NEVER
    }
  })
  .pipe(z.object({ client_email: z.email(), private_key: z.string().includes('PRIVATE KEY') }))
  .transform(({ client_email: email, private_key: privateKey }) => ({ email, privateKey }))

const SANDBOX_PORT_MAX = 65_531
/** Twice as long as the health checks of docs/operations.md take to notice. */
const DRAIN_SECONDS_BEHIND_PROXY = 5

const SHARED_SANDBOX_HINT =
  'Los procesos web y worker comparten un entorno de prueba: iniciá uno con "npm run sandbox" y poné en cada proceso la dirección que muestra, ' +
  'o configurá Google y Mercado Pago (AUTH_GOOGLE_ID, MERCADO_PAGO_ACCESS_TOKEN y lo que sigue en docs/operations.md).'

/** Stands where the file could not be read; with it nothing starts. */
const NOBODY: Academy = {
  sample: true,
  name: '',
  teacher: { name: null, presentation: { es: '', en: '' }, photo: null },
  contact: { email: '', whatsapp: null },
  legal: { name: '', cuit: '', address: '', jurisdiction: '' },
}

/**
 * Reads the whole configuration at once (behaviour 6). Every wrong variable is named in `errors`; no value is ever repeated there.
 * Outside production safe local defaults exist; production demands every secret and refuses addresses other than the providers' own.
 */
export function parseConfig(env: Record<string, string | undefined>, pricingFile: unknown, academyFile: unknown): ConfigResult {
  const errors: string[] = []
  const production = env.NODE_ENV === 'production'

  function read<T>(name: string, schema: z.ZodType<T, string>, options: { fallback: T; required?: boolean; hint: string }): T {
    const raw = env[name]?.trim()
    if (raw === undefined || raw === '') {
      if (options.required && production) errors.push(`${name}: falta. ${options.hint}`)
      return options.fallback
    }
    const parsed = schema.safeParse(raw)
    if (parsed.success) return parsed.data
    errors.push(`${name}: valor inválido. ${options.hint}`)
    return options.fallback
  }

  const sandbox = read('SANDBOX', switchValue, { fallback: false, hint: 'Usá 1 o 0.' })
  if (production && sandbox) errors.push('SANDBOX: no se permite en producción.')

  const sandboxUrl = read('SANDBOX_URL', httpUrl.nullable() as z.ZodType<string | null, string>, {
    fallback: null,
    hint: 'La dirección del tablero del entorno de prueba.',
  })
  if (production && sandboxUrl) errors.push('SANDBOX_URL: no se permite en producción.')

  const port = read('PORT', wholeNumber(0, 65_535), { fallback: 3000, hint: 'Un número de puerto entre 0 y 65535.' })
  // The sandbox takes the four ports after it.
  if (sandbox && port > SANDBOX_PORT_MAX) errors.push(`PORT: valor inválido. Con SANDBOX=1, hasta ${SANDBOX_PORT_MAX}.`)
  const baseUrl = read('BASE_URL', publicUrl, {
    fallback: `${production ? 'https' : 'http'}://localhost:${port}`,
    required: true,
    hint: 'La dirección pública, sin ruta, por ejemplo https://clases.example.com.',
  }).replace(/\/+$/, '')
  if (production && !baseUrl.startsWith('https://')) errors.push('BASE_URL: en producción tiene que empezar con https://.')
  const redirectUri = read('GOOGLE_REDIRECT_URI', httpUrl, {
    fallback: `${baseUrl}/api/auth/callback/google`,
    required: true,
    hint: 'BASE_URL seguida de /api/auth/callback/google.',
  })
  const baseUrlIsKnown = !errors.some((error) => error.startsWith('BASE_URL:'))
  if (baseUrlIsKnown && redirectUri !== `${baseUrl}/api/auth/callback/google`) {
    errors.push('GOOGLE_REDIRECT_URI: tiene que ser BASE_URL seguida de /api/auth/callback/google.')
  }

  const secretText = z.string().refine((text) => Buffer.byteLength(text) >= 32)
  const authSecret = read('AUTH_SECRET', secretText, {
    fallback: 'only-for-local-development-not-a-secret',
    required: true,
    hint: 'Un secreto de 32 bytes o más.',
  })
  const tokenEncryptionKeys = read('TOKEN_ENCRYPTION_KEY', z.string().transform(commaSeparated).pipe(z.array(secretText).min(1)), {
    fallback: ['only-for-local-development-not-a-key'],
    required: true,
    hint: 'Una o más claves de 32 bytes o más, separadas por comas; la primera cifra.',
  })
  const adminEmail = read('ADMIN_EMAIL', z.email(), {
    fallback: '',
    required: true,
    hint: 'El e-mail de la cuenta de Google del profesor.',
  })

  const text = z.string()
  const address = httpUrl.transform((url) => url.replace(/\/+$/, ''))
  const hint = 'Una dirección http o https.'
  const issuerUrl = read('GOOGLE_ISSUER_URL', address, { fallback: GOOGLE_ISSUER, hint })
  const googleApiUrl = `${read('GOOGLE_API_URL', address, { fallback: GOOGLE_API, hint })}/`
  if (production && issuerUrl !== GOOGLE_ISSUER) errors.push('GOOGLE_ISSUER_URL: en producción solo se permite la de Google.')
  if (production && googleApiUrl !== `${GOOGLE_API}/`) errors.push('GOOGLE_API_URL: en producción solo se permite la de Google.')
  const mercadoPagoUrl = read('MERCADO_PAGO_API_URL', address, { fallback: MERCADO_PAGO_API, hint })
  const customAllowed = read('MERCADO_PAGO_ALLOW_CUSTOM_API_URL', switchValue, { fallback: false, hint: 'Usá 1 o 0.' })
  if (production && mercadoPagoUrl !== MERCADO_PAGO_API && !customAllowed) {
    errors.push('MERCADO_PAGO_API_URL: en producción solo se permite la de Mercado Pago.')
  }

  const authMode = read('GOOGLE_AUTH_MODE', z.enum(['oauth', 'service_account']), { fallback: 'oauth', hint: 'oauth o service_account.' })
  const serviceAccount = read(
    'GOOGLE_SERVICE_ACCOUNT_JSON',
    ServiceAccountFile.nullable() as z.ZodType<Config['google']['serviceAccount'], string>,
    {
      fallback: null,
      hint: 'El contenido del archivo JSON de la cuenta de servicio.',
    },
  )
  if (authMode === 'service_account' && !serviceAccount && !errors.some((error) => error.startsWith('GOOGLE_SERVICE_ACCOUNT_JSON:')))
    errors.push('GOOGLE_SERVICE_ACCOUNT_JSON: falta. Hace falta con GOOGLE_AUTH_MODE=service_account.')
  if (authMode === 'oauth' && serviceAccount) errors.push('GOOGLE_SERVICE_ACCOUNT_JSON: solo se usa con GOOGLE_AUTH_MODE=service_account.')
  if (authMode === 'service_account' && /@(gmail|googlemail)\.com$/i.test(adminEmail)) {
    errors.push('GOOGLE_AUTH_MODE: una cuenta de Gmail no admite delegación, y sin ella no hay enlaces de Meet ni invitados. Usá oauth.')
  }

  const google = {
    serviceAccount: authMode === 'service_account' ? serviceAccount : null,
    clientId: read('AUTH_GOOGLE_ID', text, { fallback: '', required: true, hint: 'El id del cliente OAuth.' }),
    clientSecret: read('AUTH_GOOGLE_SECRET', text, { fallback: '', required: true, hint: 'El secreto del cliente OAuth.' }),
    redirectUri,
    issuerUrl,
    apiUrl: googleApiUrl,
    calendarId: read('CALENDAR_ID', text, { fallback: 'primary', hint: 'primary o la dirección del calendario.' }),
  }
  const mercadoPago = {
    accessToken: read('MERCADO_PAGO_ACCESS_TOKEN', text, { fallback: '', required: true, hint: 'El token de acceso del vendedor.' }),
    webhookSecrets: read('MERCADO_PAGO_WEBHOOK_SECRET', z.string().transform(commaSeparated).pipe(z.array(z.string()).min(1)), {
      fallback: [],
      required: true,
      hint: 'Uno o más secretos, separados por comas.',
    }),
    collectorId: read('MERCADO_PAGO_COLLECTOR_ID', z.string().regex(/^\d+$/), {
      fallback: '',
      required: true,
      hint: 'El número de la cuenta del vendedor.',
    }),
    apiUrl: mercadoPagoUrl,
    acceptIpn: read('MERCADO_PAGO_ACCEPT_IPN', switchValue, { fallback: true, hint: 'Usá 1 o 0.' }),
  }

  const smtpUrl = read('SMTP_URL', z.string().regex(/^smtps?:\/\//), { fallback: '', hint: 'Por ejemplo smtps://usuario:clave@servidor.' })
  const from = read('MAIL_FROM', text, { fallback: '', hint: 'El remitente de los mails.' })
  if (smtpUrl && !from) errors.push('MAIL_FROM: falta. Con SMTP_URL hace falta un remitente.')

  const llm = {
    baseUrl: read('LLM_BASE_URL', address, {
      fallback: '',
      hint: 'La dirección del servicio con su versión, por ejemplo https://api.example.com/v1.',
    }),
    apiKey: read('LLM_API_KEY', text, { fallback: '', hint: 'La clave del servicio.' }),
    model: read('LLM_MODEL', text, { fallback: '', hint: 'El nombre del modelo.' }),
  }
  const generator = read('ACTIVITY_GENERATOR', z.enum(['builtin', 'ai']), { fallback: 'builtin', hint: 'builtin o ai.' })
  // The sandbox brings a model of its own.
  if (generator === 'ai' && !(sandbox && Object.values(llm).every((value) => value === ''))) {
    for (const [name, value] of [
      ['LLM_BASE_URL', llm.baseUrl],
      ['LLM_API_KEY', llm.apiKey],
      ['LLM_MODEL', llm.model],
    ] as const) {
      if (value === '') errors.push(`${name}: falta. Hace falta con ACTIVITY_GENERATOR=ai.`)
    }
    if (production && llm.baseUrl.startsWith('http://')) errors.push('LLM_BASE_URL: en producción tiene que empezar con https://.')
  }

  const rateLimitScale = read('RATE_LIMIT_SCALE', z.string().transform(Number).pipe(z.number().min(0).max(1_000)), {
    fallback: 1,
    hint: 'Un número entre 0 y 1000.',
  })
  if (production && rateLimitScale === 0) errors.push('RATE_LIMIT_SCALE: 0 no se permite en producción.')

  const serverUrl = z
    .string()
    .regex(/^postgres(ql)?:\/\//)
    .nullable() as z.ZodType<string | null, string>
  const databaseUrl = read('DATABASE_URL', serverUrl, { fallback: null, hint: 'postgresql://usuario:clave@servidor/base.' })
  const databaseReplicaUrl = read('DATABASE_REPLICA_URL', serverUrl, { fallback: null, hint: 'postgresql://usuario:clave@replica/base.' })
  if (databaseReplicaUrl && !databaseUrl) errors.push('DATABASE_REPLICA_URL: necesita DATABASE_URL, el servidor que sigue.')
  const databaseDirectUrl = read('DATABASE_DIRECT_URL', serverUrl, { fallback: null, hint: 'postgresql://usuario:clave@servidor/base.' })
  if (databaseDirectUrl && !databaseUrl) errors.push('DATABASE_DIRECT_URL: necesita DATABASE_URL, la dirección del pooler.')
  const role = read<ProcessRole>('PROCESS_ROLE', z.enum(['all', 'web', 'worker']) as unknown as z.ZodType<ProcessRole, string>, {
    fallback: 'all',
    hint: 'all, web o worker.',
  })
  if (role !== 'all' && databaseUrl === null)
    errors.push('PROCESS_ROLE: web y worker necesitan DATABASE_URL; la base embebida es de un solo proceso.')
  // Each would begin one of its own: a payment known to the process that answers would be unknown to the one that works.
  if (role !== 'all' && sandbox && !sandboxUrl && !errors.some((error) => error.startsWith('SANDBOX')))
    errors.push(`SANDBOX_URL: falta. ${SHARED_SANDBOX_HINT}`)

  const pricing = parsePricing(pricingFile)
  if (!pricing.ok) errors.push(pricing.error)
  const academy = parseAcademy(academyFile, production)
  if (!academy.ok) errors.push(academy.error)

  const config: Config = {
    production,
    sandbox,
    sandboxUrl: sandboxUrl?.replace(/\/+$/, '') ?? null,
    role,
    drainSeconds: read('DRAIN_SECONDS', wholeNumber(0, 120), {
      fallback: role === 'web' ? DRAIN_SECONDS_BEHIND_PROXY : 0,
      hint: 'Segundos, de 0 a 120.',
    }),
    host: read('HOST', text, { fallback: '127.0.0.1', hint: 'La dirección en la que escucha.' }),
    port,
    baseUrl,
    dataDir: read('DATA_DIR', text, { fallback: '.data', hint: 'Una carpeta.' }),
    databaseUrl,
    databaseReplicaUrl,
    databaseDirectUrl,
    logLevel: read('LOG_LEVEL', z.enum(['silent', 'error', 'warn', 'info', 'debug']), {
      fallback: 'info',
      hint: 'silent, error, warn, info o debug.',
    }),
    trustedProxies: read('TRUSTED_PROXIES', wholeNumber(0, 5), { fallback: 0, hint: 'Cuántos proxies hay delante, de 0 a 5.' }),
    authSecret,
    tokenEncryptionKeys,
    adminEmail: adminEmail.toLowerCase(),
    google,
    mercadoPago,
    llm: {
      wanted: generator === 'ai',
      service: generator === 'ai' && llm.baseUrl !== '' ? llm : null,
      dailyTokensMax: read('LLM_DAILY_TOKENS_MAX', wholeNumber(0, 1_000_000_000), { fallback: 300_000, hint: 'Tokens por día, desde 0.' }),
    },
    mail: smtpUrl ? { smtpUrl, from } : null,
    holdMinutes: read('HOLD_MINUTES', wholeNumber(1, 24 * 60), { fallback: 20, hint: 'Minutos, de 1 a 1440.' }),
    maxUnpaidHolds: read('MAX_UNPAID_HOLDS', wholeNumber(1, 100), { fallback: 5, hint: 'De 1 a 100.' }),
    joinLeadMinutes: read('JOIN_LEAD_MINUTES', wholeNumber(0, 24 * 60), { fallback: 60, hint: 'Minutos, de 0 a 1440.' }),
    joinCutoff: read('JOIN_CUTOFF', z.enum(['end', 'start']), { fallback: 'end', hint: 'end o start.' }),
    fullRefundHours: read('FULL_REFUND_HOURS', wholeNumber(0, 24 * 30), { fallback: 24, hint: 'Horas, de 0 a 720.' }),
    rescheduleHours: read('RESCHEDULE_HOURS', wholeNumber(0, 24 * 30), { fallback: 12, hint: 'Horas, de 0 a 720.' }),
    activityApprovalHours: read('ACTIVITY_APPROVAL_HOURS', wholeNumber(0, 24 * 14), { fallback: 0, hint: 'Horas, de 0 a 336.' }),
    solutionDelayMinutes: read('SOLUTION_DELAY_MINUTES', wholeNumber(0, 24 * 60).nullable() as z.ZodType<number | null, string>, {
      fallback: null,
      hint: 'Minutos, de 0 a 1440.',
    }),
    handMoves: read<'accept' | 'ask'>('CALENDAR_MOVES', z.enum(['accept', 'ask']) as unknown as z.ZodType<'accept' | 'ask', string>, {
      fallback: 'accept',
      hint: 'accept o ask.',
    }),
    calendarPush: read('CALENDAR_PUSH', switchValue, { fallback: sandbox || baseUrl.startsWith('https://'), hint: 'Usá 1 o 0.' }),
    maxReschedules: read('MAX_RESCHEDULES', wholeNumber(0, 100), { fallback: 2, hint: 'De 0 a 100.' }),
    rateLimitScale,
    pricing: pricing.ok ? pricing.value : { individual: 0, grupal: { 2: 0, 3: 0, 4: 0, 5: 0 } },
    academy: academy.ok ? academy.value : NOBODY,
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, config: deepFreeze(config) }
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) deepFreeze(inner)
  return Object.freeze(value)
}

function commaSeparated(list: string): string[] {
  return list
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
