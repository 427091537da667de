import { DrizzleQueryError } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { loggable } from './failure.ts'

describe('what a log line says of an unexpected error (behaviour Z10)', () => {
  it('of a failed statement the cause, never its values', () => {
    const cause = Object.assign(new Error('duplicate key value violates unique constraint "app_user_email_unique"'), {
      detail: 'Key (email)=(ana@correo.test) already exists.',
    })
    const logged = JSON.stringify(loggable(new DrizzleQueryError('insert into app_user values ($1)', ['ana@correo.test'], cause)))
    expect(logged).toContain('app_user_email_unique')
    expect(logged).not.toContain('ana@correo.test')
  })

  it('where it happened, within limits', () => {
    const { error, stack } = loggable(new Error('x'.repeat(10_000)))
    expect(error.length).toBeLessThanOrEqual(300)
    expect(stack).toContain('failure.test.ts')
    expect(stack).not.toContain('xxx')
  })

  it('also of what is no error', () => {
    expect(loggable('aborted')).toEqual({ error: 'aborted', stack: '' })
  })
})
