import { DrizzleQueryError } from 'drizzle-orm/errors'
import { describe, expect, it } from 'vitest'
import { describeFailure } from './failure.ts'

describe('what a log line says of an unexpected error (behaviour Z10)', () => {
  it('of a failed statement the cause, never its values', () => {
    const cause = Object.assign(new Error('duplicate key value violates unique constraint "app_user_email_unique"'), {
      detail: 'Key (email)=(ana@correo.test) already exists.',
    })
    const wrapped = new DrizzleQueryError('insert into app_user values ($1)', ['ana@correo.test'], cause)
    expect(wrapped.message).toContain('ana@correo.test')
    expect(describeFailure(wrapped).error).toBe('Error: duplicate key value violates unique constraint "app_user_email_unique"')
    expect(JSON.stringify(describeFailure(wrapped))).not.toContain('ana@correo.test')
  })

  it('is the error itself when nothing lies behind it, and any other thing as text', () => {
    expect(describeFailure(new TypeError('no')).error).toBe('TypeError: no')
    expect(describeFailure('aborted')).toEqual({ error: 'aborted', stack: '' })
    expect(describeFailure(undefined)).toEqual({ error: 'undefined', stack: '' })
  })

  it('comes to an end, also when errors cause each other', () => {
    const [a, b] = [new Error('a'), new Error('b')]
    a.cause = b
    b.cause = a
    expect(describeFailure(a).error).toMatch(/^Error: [ab]$/)
  })

  it('names the place, within limits, and nothing of the message however many lines it has', () => {
    const { stack } = describeFailure(new Error('params: ana@example.com\nat home'))
    expect(stack).toMatch(/^\s+at .*failure\.test\.ts/)
    expect(stack).not.toMatch(/ana@example|home/)
    expect(describeFailure(new Error('x'.repeat(10_000))).error).toHaveLength(300)
  })
})
