import { DrizzleQueryError } from 'drizzle-orm/errors'
import { describe, expect, it } from 'vitest'
import { causeOf, framesOf } from './log.ts'

describe('what a log line says of a failure', () => {
  it('is the first cause, without the values of the statement', () => {
    const refused = new Error('new row for relation "app_user" violates check constraint "app_user_nivel"')
    const wrapped = new DrizzleQueryError('insert into app_user values ($1)', ['ana@example.com'], refused)
    expect(wrapped.message).toContain('ana@example.com')
    expect(causeOf(wrapped)).toBe('Error: new row for relation "app_user" violates check constraint "app_user_nivel"')
  })

  it('is the error itself when nothing lies behind it, and any other thing as text', () => {
    expect(causeOf(new TypeError('no'))).toBe('TypeError: no')
    expect(causeOf('no')).toBe('no')
    expect(causeOf(undefined)).toBe('undefined')
  })

  it('comes to an end, also when errors cause each other', () => {
    const [a, b] = [new Error('a'), new Error('b')]
    a.cause = b
    b.cause = a
    expect(causeOf(a)).toMatch(/^Error: [ab]$/)
  })

  it('names the place, and nothing of the message however many lines it has', () => {
    const failure = new Error('params: ana@example.com\nat home')
    expect(framesOf(failure)).toMatch(/^\s+at .*log\.test\.ts/)
    expect(framesOf(failure)).not.toMatch(/ana@example|home/)
    expect(framesOf('no')).toBe('')
  })
})
