import { describe, expect, it } from 'vitest'
import { announcement } from './announcement.ts'

const EMBEDDED = { baseUrl: 'http://localhost:3000', databaseUrl: null, sandboxUrl: null } as const
const ON_SERVER = { ...EMBEDDED, databaseUrl: 'postgresql://postgres@127.0.0.1/postgres' }
const SANDBOX = {
  urls: { hub: 'http://127.0.0.1:3001' },
  accounts: [
    { email: 'profe@academia.test', name: 'Bianca Molina', role: 'admin' },
    { email: 'ana@correo.test', name: 'Ana Sosa', role: 'student' },
  ],
} as const

describe('what the start says', () => {
  it('names the address, the accounts of its sandbox and where to move the clock', () => {
    const said = announcement(EMBEDDED, SANDBOX, 900, 3_000)
    expect(said.split('\n')[0]).toBe('Listo en 900 ms: http://localhost:3000')
    for (const part of ['profe@academia.test', 'ana@correo.test', 'http://127.0.0.1:3001']) expect(said).toContain(part)
    expect(said).not.toContain('ATENCIÓN')
  })

  it('names the port as well when the address is that of several processes', () => {
    expect(announcement({ ...ON_SERVER, baseUrl: 'http://localhost:4240' }, null, 900, 4_241)).toBe(
      'Listo en 900 ms: http://localhost:4240 (puerto 4241)',
    )
    expect(announcement({ ...ON_SERVER, baseUrl: 'https://academia.example' }, null, 900, 3_000)).toBe(
      'Listo en 900 ms: https://academia.example (puerto 3000)',
    )
    expect(announcement(ON_SERVER, null, 900, null)).toBe('Listo en 900 ms: trabajos')
  })

  it('warns when others on the same server would not know its sandbox', () => {
    const said = announcement(ON_SERVER, SANDBOX, 900, 3_000)
    expect(said).toContain('ATENCIÓN')
    expect(said).toContain('npm run sandbox')
    expect(said).toContain('SANDBOX_URL')
  })

  it('warns of nothing when the sandbox is shared, or the providers are real', () => {
    const said = 'Listo en 900 ms: http://localhost:3000'
    expect(announcement({ ...ON_SERVER, sandboxUrl: 'http://127.0.0.1:3001' }, SANDBOX, 900, 3_000)).toBe(said)
    expect(announcement(ON_SERVER, null, 900, 3_000)).toBe(said)
  })
})
