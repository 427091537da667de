import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Config, parseConfig } from '../../src/config.ts'
import { configFile } from '../support/config-files.ts'

const PRICING = { currency: 'ARS', individual: 15000, grupal: { 2: 30000, 3: 36000, 4: 48000, 5: 60000 } }

const ACADEMY = {
  sample: false,
  name: 'Academia Sur',
  teacher: { name: 'Bianca Molina', presentation: { es: 'Enseño inglés.', en: 'I teach English.' } },
  contact: { email: 'hola@academia.test', whatsapp: '+54 9 11 5555-1234' },
  legal: { name: 'Academia Sur S. R. L.', cuit: '30-71234567-1', address: 'Mitre 100, Rosario', jurisdiction: 'Rosario' },
}

const PRODUCTION: Record<string, string> = {
  NODE_ENV: 'production',
  BASE_URL: 'https://clases.example.com',
  AUTH_SECRET: 'a'.repeat(32),
  TOKEN_ENCRYPTION_KEY: 'b'.repeat(32),
  ADMIN_EMAIL: 'Profe@Example.com',
  AUTH_GOOGLE_ID: 'id.apps.googleusercontent.com',
  AUTH_GOOGLE_SECRET: 'google-secret',
  GOOGLE_REDIRECT_URI: 'https://clases.example.com/api/auth/callback/google',
  MERCADO_PAGO_ACCESS_TOKEN: 'APP_USR-token',
  MERCADO_PAGO_WEBHOOK_SECRET: 'one, two',
  MERCADO_PAGO_COLLECTOR_ID: '123456789',
}

function errorsOf(env: Record<string, string | undefined>, pricing: unknown = PRICING, academy: unknown = ACADEMY): string[] {
  const result = parseConfig(env, pricing, academy)
  return result.ok ? [] : result.errors
}

/** The variables that the errors name. */
function named(env: Record<string, string | undefined>): string[] {
  return errorsOf(env).map((error) => error.split(':')[0] ?? '')
}

function configOf(env: Record<string, string | undefined>): Config {
  const result = parseConfig(env, PRICING, ACADEMY)
  if (!result.ok) throw new Error(result.errors.join('\n'))
  return result.config
}

describe('a fresh copy', () => {
  it('starts without any configuration', () => {
    expect(configOf({})).toMatchObject({
      production: false,
      host: '127.0.0.1',
      port: 3000,
      baseUrl: 'http://localhost:3000',
      databaseUrl: null,
      mail: null,
      adminEmail: '',
      holdMinutes: 20,
      maxUnpaidHolds: 5,
      joinLeadMinutes: 60,
      joinCutoff: 'end',
      fullRefundHours: 24,
      rescheduleHours: 12,
      maxReschedules: 2,
      rateLimitScale: 1,
      pricing: { individual: 1_500_000, grupal: { 2: 3_000_000, 3: 3_600_000, 4: 4_800_000, 5: 6_000_000 } },
    })
    expect(configOf({}).mercadoPago).toMatchObject({ acceptIpn: true, apiUrl: 'https://api.mercadopago.com' })
    expect(configOf({}).google).toMatchObject({ calendarId: 'primary', issuerUrl: 'https://accounts.google.com' })
  })

  it('empty and blank variables count as absent', () => {
    expect(configOf({ PORT: '', HOLD_MINUTES: '  ', DATABASE_URL: '' })).toMatchObject({ port: 3000, holdMinutes: 20, databaseUrl: null })
  })

  it('is frozen, inside too', () => {
    const config = configOf(PRODUCTION)
    for (const change of [
      () => Object.assign(config, { production: false }),
      () => Object.assign(config.pricing, { individual: 1 }),
      () => Object.assign(config.pricing.grupal, { 5: 1 }),
      () => Object.assign(config.mercadoPago, { apiUrl: 'https://attacker.example' }),
      () => config.tokenEncryptionKeys.push('c'),
    ]) {
      expect(change).toThrow(TypeError)
    }
  })
})

describe('processes', () => {
  it('do everything, unless told to be web or worker', () => {
    expect(configOf({}).role).toBe('all')
    const DATABASE_URL = 'postgresql://postgres@127.0.0.1/postgres'
    for (const PROCESS_ROLE of ['web', 'worker', 'all']) expect(configOf({ PROCESS_ROLE, DATABASE_URL }).role).toBe(PROCESS_ROLE)
    expect(named({ PROCESS_ROLE: 'both', DATABASE_URL })).toEqual(['PROCESS_ROLE'])
  })

  it('cannot be apart on the embedded database, which one process has open', () => {
    expect(named({ PROCESS_ROLE: 'web' })).toEqual(['PROCESS_ROLE'])
    expect(named({ PROCESS_ROLE: 'worker' })).toEqual(['PROCESS_ROLE'])
  })

  it('that only answer go on for a while after they are told to stop, so that a proxy notices', () => {
    const DATABASE_URL = 'postgresql://postgres@127.0.0.1/postgres'
    expect(configOf({}).drainSeconds).toBe(0)
    expect(configOf({ PROCESS_ROLE: 'web', DATABASE_URL }).drainSeconds).toBe(5)
    expect(configOf({ DRAIN_SECONDS: '20' }).drainSeconds).toBe(20)
    expect(named({ DRAIN_SECONDS: '-1' })).toEqual(['DRAIN_SECONDS'])
  })

  it('may read from a replica of the server they write to, and of no other', () => {
    const server = { DATABASE_URL: 'postgresql://postgres@127.0.0.1/postgres' }
    const DATABASE_REPLICA_URL = 'postgresql://postgres@127.0.0.2/postgres'
    expect(configOf(server).databaseReplicaUrl).toBeNull()
    expect(configOf({ ...server, DATABASE_REPLICA_URL }).databaseReplicaUrl).toBe(DATABASE_REPLICA_URL)
    expect(named({ DATABASE_REPLICA_URL })).toEqual(['DATABASE_REPLICA_URL'])
  })

  it('may reach the server itself past a pooler', () => {
    const DATABASE_URL = 'postgresql://postgres@127.0.0.1:6432/postgres'
    const DATABASE_DIRECT_URL = 'postgresql://postgres@127.0.0.1/postgres'
    expect(configOf({ DATABASE_URL }).databaseDirectUrl).toBeNull()
    expect(configOf({ DATABASE_URL, DATABASE_DIRECT_URL }).databaseDirectUrl).toBe(DATABASE_DIRECT_URL)
    expect(named({ DATABASE_DIRECT_URL })).toEqual(['DATABASE_DIRECT_URL'])
  })

  it('that are apart start with a sandbox that all of them share, or with none', () => {
    const DATABASE_URL = 'postgresql://postgres@127.0.0.1/postgres'
    for (const PROCESS_ROLE of ['web', 'worker']) {
      const [error = '', ...others] = errorsOf({ PROCESS_ROLE, DATABASE_URL, SANDBOX: '1' })
      expect(others).toEqual([])
      for (const part of ['SANDBOX_URL: falta', 'npm run sandbox', 'AUTH_GOOGLE_ID', 'MERCADO_PAGO_ACCESS_TOKEN'])
        expect(error).toContain(part)
      expect(configOf({ PROCESS_ROLE, DATABASE_URL, SANDBOX: '1', SANDBOX_URL: 'http://127.0.0.1:3001' }).role).toBe(PROCESS_ROLE)
      expect(configOf({ PROCESS_ROLE, DATABASE_URL, SANDBOX: '0' }).role).toBe(PROCESS_ROLE)
      expect(named({ PROCESS_ROLE, DATABASE_URL, SANDBOX: '1', SANDBOX_URL: 'somewhere' }), 'said once').toEqual(['SANDBOX_URL'])
    }
    expect(configOf({ DATABASE_URL, SANDBOX: '1' }).role, 'one process may have one of its own').toBe('all')
  })

  it('share sandboxes in a process of their own, never in production', () => {
    expect(configOf({}).sandboxUrl).toBeNull()
    expect(configOf({ SANDBOX_URL: 'http://127.0.0.1:3001/' }).sandboxUrl).toBe('http://127.0.0.1:3001')
    expect(named({ SANDBOX_URL: 'somewhere' })).toEqual(['SANDBOX_URL'])
    expect(named({ ...PRODUCTION, SANDBOX_URL: 'http://127.0.0.1:3001' })).toEqual(['SANDBOX_URL'])
  })
})

describe('addresses', () => {
  it('BASE_URL is the same with and without trailing slash (R20)', () => {
    for (const BASE_URL of ['https://clases.example.com', 'https://clases.example.com/', 'https://clases.example.com///']) {
      expect(configOf({ ...PRODUCTION, BASE_URL }).baseUrl).toBe('https://clases.example.com')
    }
  })

  it('BASE_URL is an address that paths can be joined to', () => {
    const wrong = [
      'clases.example.com',
      'ftp://example.com',
      'javascript:alert(1)',
      'https://example.com?a=1',
      'https://example.com/#x',
      'https://u:p@example.com',
      // The product answers at the root of its address only.
      'https://example.com/clases/',
      'http://',
    ]
    for (const BASE_URL of wrong) expect(named({ BASE_URL })).toEqual(['BASE_URL'])
  })

  it('GOOGLE_REDIRECT_URI must be BASE_URL plus the callback path', () => {
    const uri = (GOOGLE_REDIRECT_URI: string) => named({ ...PRODUCTION, GOOGLE_REDIRECT_URI })
    expect(uri('https://otra.example.com/api/auth/callback/google')).toEqual(['GOOGLE_REDIRECT_URI'])
    expect(uri('https://clases.example.com/api/auth/callback/google/')).toEqual(['GOOGLE_REDIRECT_URI'])
    expect(uri('https://clases.example.com//api/auth/callback/google')).toEqual(['GOOGLE_REDIRECT_URI'])
  })
})

describe('all errors at once', () => {
  const WRONG: Record<string, string> = {
    SANDBOX: 'sí',
    PORT: '70000',
    BASE_URL: 'no-es-una-direccion',
    AUTH_SECRET: 'corto',
    TOKEN_ENCRYPTION_KEY: 'corta',
    ADMIN_EMAIL: 'no-es-un-mail',
    GOOGLE_ISSUER_URL: 'nada',
    GOOGLE_API_URL: 'nada',
    MERCADO_PAGO_API_URL: 'nada',
    MERCADO_PAGO_ALLOW_CUSTOM_API_URL: 'tal-vez',
    MERCADO_PAGO_WEBHOOK_SECRET: ' , ,',
    MERCADO_PAGO_COLLECTOR_ID: 'abc',
    MERCADO_PAGO_ACCEPT_IPN: 'yes',
    SMTP_URL: 'http://mail.example.com',
    DATABASE_URL: 'mysql://servidor/base',
    LOG_LEVEL: 'ruidoso',
    TRUSTED_PROXIES: '-1',
    RATE_LIMIT_SCALE: 'mucho',
    HOLD_MINUTES: '0',
    MAX_UNPAID_HOLDS: '0',
    JOIN_LEAD_MINUTES: '1.5',
    JOIN_CUTOFF: 'middle',
    FULL_REFUND_HOURS: '-24',
  }

  it('names every wrong variable in one go', () => {
    expect(named(WRONG).sort()).toEqual(Object.keys(WRONG).sort())
  })

  it('never repeats a value', () => {
    const text = errorsOf({ ...PRODUCTION, ...WRONG, ADMIN_EMAIL: 'valor-secreto-7', AUTH_SECRET: 'valor-secreto-8' }).join('\n')
    for (const value of ['valor-secreto', 'corta', 'no-es-una-direccion', 'ruidoso', 'tal-vez', 'mysql://servidor'])
      expect(text).not.toContain(value)
  })

  it('whatever a variable holds, the answer is a configuration or errors that name it and keep its value to themselves', () => {
    const variable = fc.constantFrom(...Object.keys(WRONG), ...Object.keys(PRODUCTION))
    const marked = fc.string({ minLength: 1, maxLength: 40 }).map((text) => `${text}zqxj`)
    fc.assert(
      fc.property(variable, marked, fc.boolean(), (name, value, production) => {
        const result = parseConfig({ ...(production ? PRODUCTION : {}), [name]: value }, PRICING, ACADEMY)
        if (result.ok) return
        expect(result.errors.some((error) => error.startsWith(`${name}:`)) || name === 'BASE_URL').toBe(true)
        expect(result.errors.join('\n')).not.toContain('zqxj')
      }),
      { numRuns: 400 },
    )
  })

  it('counts in whole numbers within bounds', () => {
    for (const HOLD_MINUTES of ['-1', '1e3', '20.0', '0x14', '١٢', '1441', '99999999999999999999']) {
      expect(named({ HOLD_MINUTES })).toEqual(['HOLD_MINUTES'])
    }
    for (const RATE_LIMIT_SCALE of ['-1', 'NaN', 'Infinity', '1001']) expect(named({ RATE_LIMIT_SCALE })).toEqual(['RATE_LIMIT_SCALE'])
    expect(configOf({ RATE_LIMIT_SCALE: '0.5' }).rateLimitScale).toBe(0.5)
    expect(configOf({ RATE_LIMIT_SCALE: '0' }).rateLimitScale).toBe(0)
  })

  it('a model needs an address, a key and a name, unless the sandbox brings it', () => {
    const service = { LLM_BASE_URL: 'https://api.example.com/v1/', LLM_API_KEY: 'k', LLM_MODEL: 'm' }
    expect(named({ ACTIVITY_GENERATOR: 'ai' })).toEqual(['LLM_BASE_URL', 'LLM_API_KEY', 'LLM_MODEL'])
    expect(named({ ACTIVITY_GENERATOR: 'ai', ...service, LLM_API_KEY: '' })).toEqual(['LLM_API_KEY'])
    expect(configOf({ ACTIVITY_GENERATOR: 'ai', SANDBOX: '1' }).llm).toMatchObject({ wanted: true, service: null })
    expect(configOf(service).llm.service).toBeNull()
    expect(configOf({ ACTIVITY_GENERATOR: 'ai', ...service }).llm).toEqual({
      wanted: true,
      service: { baseUrl: 'https://api.example.com/v1', apiKey: 'k', model: 'm' },
      dailyTokensMax: 300_000,
    })
  })

  it('a mail server needs a sender', () => {
    expect(named({ SMTP_URL: 'smtp://127.0.0.1:25' })).toEqual(['MAIL_FROM'])
    expect(configOf({ SMTP_URL: 'smtp://127.0.0.1:25', MAIL_FROM: 'hola@example.com' }).mail).toEqual({
      smtpUrl: 'smtp://127.0.0.1:25',
      from: 'hola@example.com',
    })
  })
})

describe('production', () => {
  it('starts when everything is there', () => {
    expect(configOf(PRODUCTION)).toMatchObject({
      production: true,
      sandbox: false,
      adminEmail: 'profe@example.com',
      mercadoPago: { webhookSecrets: ['one', 'two'], collectorId: '123456789' },
    })
  })

  it('refuses to start without any one of its secrets and addresses (D12 among them)', () => {
    for (const name of Object.keys(PRODUCTION).filter((each) => each !== 'NODE_ENV')) {
      for (const value of [undefined, '', '   ']) expect(named({ ...PRODUCTION, [name]: value })).toContain(name)
    }
  })

  it('names all of them when nothing is set', () => {
    const missing = Object.keys(PRODUCTION).filter((name) => name !== 'NODE_ENV')
    expect(named({ NODE_ENV: 'production' }).sort()).toEqual(missing.sort())
  })

  it('refuses the sandbox, plain http and switched-off rate limits', () => {
    expect(named({ ...PRODUCTION, SANDBOX: '1' })).toEqual(['SANDBOX'])
    expect(named({ ...PRODUCTION, RATE_LIMIT_SCALE: '0' })).toEqual(['RATE_LIMIT_SCALE'])
    const plain = { BASE_URL: 'http://clases.example.com', GOOGLE_REDIRECT_URI: 'http://clases.example.com/api/auth/callback/google' }
    expect(named({ ...PRODUCTION, ...plain })).toEqual(['BASE_URL'])
  })

  it('refuses other providers than the real ones, unless Mercado Pago’s is allowed on purpose', () => {
    const lookalikes = [
      'http://127.0.0.1:3002',
      'https://accounts.google.com.attacker.example',
      'http://accounts.google.com',
      'https://www.googleapis.com@attacker.example/',
    ]
    for (const url of lookalikes) {
      expect(named({ ...PRODUCTION, GOOGLE_ISSUER_URL: url })).toEqual(['GOOGLE_ISSUER_URL'])
      expect(named({ ...PRODUCTION, GOOGLE_API_URL: url })).toEqual(['GOOGLE_API_URL'])
      expect(named({ ...PRODUCTION, MERCADO_PAGO_API_URL: url })).toEqual(['MERCADO_PAGO_API_URL'])
    }
    expect(
      configOf({ ...PRODUCTION, MERCADO_PAGO_API_URL: 'https://proxy.example', MERCADO_PAGO_ALLOW_CUSTOM_API_URL: '1' }).mercadoPago.apiUrl,
    ).toBe('https://proxy.example')
    expect(named({ ...PRODUCTION, MERCADO_PAGO_API_URL: 'https://proxy.example', MERCADO_PAGO_ALLOW_CUSTOM_API_URL: '0' })).toEqual([
      'MERCADO_PAGO_API_URL',
    ])
  })

  it('accepts the real addresses written out, with and without trailing slash', () => {
    for (const slash of ['', '/']) {
      const config = configOf({
        ...PRODUCTION,
        GOOGLE_ISSUER_URL: `https://accounts.google.com${slash}`,
        GOOGLE_API_URL: `https://www.googleapis.com${slash}`,
        MERCADO_PAGO_API_URL: `https://api.mercadopago.com${slash}`,
      })
      expect(config.google).toMatchObject({ issuerUrl: 'https://accounts.google.com', apiUrl: 'https://www.googleapis.com/' })
      expect(config.mercadoPago.apiUrl).toBe('https://api.mercadopago.com')
    }
  })

  it('secrets have 32 bytes, every key of a rotation', () => {
    expect(named({ ...PRODUCTION, AUTH_SECRET: 'a'.repeat(31) })).toEqual(['AUTH_SECRET'])
    expect(configOf({ ...PRODUCTION, AUTH_SECRET: 'ñ'.repeat(16) }).authSecret).toHaveLength(16)
    expect(named({ ...PRODUCTION, TOKEN_ENCRYPTION_KEY: `${'b'.repeat(32)},corta` })).toEqual(['TOKEN_ENCRYPTION_KEY'])
    expect(configOf({ ...PRODUCTION, TOKEN_ENCRYPTION_KEY: `${'n'.repeat(32)}, ${'o'.repeat(32)}` }).tokenEncryptionKeys).toHaveLength(2)
  })
})

describe('the price table (config/pricing.json)', () => {
  const refused = (pricing: unknown) => errorsOf({}, pricing).some((error) => error.startsWith('config/pricing.json:'))

  it('refuses to start unless all five entries are positive whole pesos', () => {
    const { 5: _five, ...withoutFive } = PRICING.grupal
    const { individual: _individual, ...withoutIndividual } = PRICING
    const wrong = [
      null,
      [],
      'texto',
      {},
      withoutIndividual,
      { ...PRICING, grupal: withoutFive },
      { ...PRICING, grupal: null },
      { ...PRICING, currency: 'USD' },
      { ...PRICING, currency: undefined },
      ...[0, -15000, 15000.5, '15000', null, Number.NaN, Number.POSITIVE_INFINITY, 1e300, 2 ** 53].flatMap((price) => [
        { ...PRICING, individual: price },
        { ...PRICING, grupal: { ...PRICING.grupal, 3: price } },
      ]),
    ]
    for (const pricing of wrong) expect(refused(pricing)).toBe(true)
    expect(refused(PRICING)).toBe(false)
  })

  it('is told together with every other error', () => {
    expect(errorsOf({ PORT: 'x', JOIN_CUTOFF: 'y' }, {}).map((error) => error.split(':')[0])).toEqual(
      expect.arrayContaining(['PORT', 'JOIN_CUTOFF', 'config/pricing.json']),
    )
  })

  it('may be changed by the academy', () => {
    const dearer = parseConfig({}, { ...PRICING, individual: 18000 }, ACADEMY)
    expect(dearer.ok && dearer.config.pricing.individual).toBe(1_800_000)
  })
})

describe('config/academy.json', () => {
  const wrong = (academy: unknown, env = {}) => errorsOf(env, PRICING, academy).filter((error) => error.startsWith('config/academy.json'))
  const legal = (change: object) => ({ ...ACADEMY, legal: { ...ACADEMY.legal, ...change } })

  it('names what is missing or wrong, and no value', () => {
    expect(wrong(ACADEMY)).toEqual([])
    expect(wrong(null)).toEqual(['config/academy.json: falta o no vale: el archivo.'])
    expect(wrong({ ...legal({ cuit: '30-71234567-9' }), contact: { email: 'no es un correo' } })).toEqual([
      'config/academy.json: falta o no vale: contact.email, legal.cuit.',
    ])
    expect(wrong({ ...ACADEMY, teacher: { ...ACADEMY.teacher, photo: '../secreto.png' } })).toHaveLength(1)
  })

  it('comes with sample values, which production refuses', async () => {
    const shipped = await configFile('academy')
    expect(wrong(shipped)).toEqual([])
    expect(wrong(shipped, PRODUCTION)[0]).toContain('tiene los datos de ejemplo')
  })

  it('keeps of a telephone number the digits that WhatsApp takes', () => {
    expect(configOf({}).academy.contact.whatsapp).toBe('5491155551234')
  })
})
