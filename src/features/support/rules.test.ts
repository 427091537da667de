import { describe, expect, it } from 'vitest'
import { afterChange, afterMessage, isTrapped, parseChange, parseMessage, parseTicket } from './rules.ts'

const NOW = new Date('2026-11-23T12:00:00Z')
const BEFORE = new Date('2026-11-22T12:00:00Z')
const ID = '7a1d0c58-1b1f-4c7e-9f4e-0a5f3b7c2d11'

describe('a ticket as it was sent (behaviour 4.15)', () => {
  const reason = (sent: Record<string, unknown>) => {
    const parsed = parseTicket(sent)
    return parsed.ok ? null : parsed.reason
  }

  it.each<[string, Record<string, unknown>, string | null]>([
    ['nothing', {}, 'short-description'],
    ['no text', { description: 12_345_678_901 }, 'short-description'],
    ['nine characters and blanks', { description: '  123456789  ' }, 'short-description'],
    ['nine that take two units each', { description: '😀'.repeat(9) }, 'short-description'],
    ['exactly ten', { description: '1234567890' }, null],
    ['exactly five hundred', { description: '😀'.repeat(500) }, null],
    ['one more', { description: 'x'.repeat(501) }, 'long-text'],
    ['an unknown category', { description: '1234567890', category: 'VENTAS' }, 'bad-category'],
    ['a class that is no id', { description: '1234567890', classId: 'c1' }, 'unknown-class'],
    ['a payment that is no id', { description: '1234567890', orderId: 7 }, 'unknown-payment'],
  ])('%s', (_, sent, expected) => expect(reason(sent)).toBe(expected))

  it('breaks lines one way and is GENERAL about nothing unless it says otherwise', () => {
    expect(parseTicket({ description: ' No puedo\r\npagar la clase ', classId: '' })).toEqual({
      ok: true,
      value: { description: 'No puedo\npagar la clase', category: 'GENERAL', classId: null, orderId: null },
    })
    expect(parseTicket({ description: '1234567890', category: 'PAGOS', orderId: ID })).toMatchObject({
      value: { category: 'PAGOS', orderId: ID },
    })
  })

  it('falls for the trap only when something stands in the hidden field', () => {
    const sent = [undefined, null, '', ' ', 'http://x', 1, {}, ['http://x']]
    expect(sent.map((website_url) => isTrapped({ website_url }))).toEqual([false, false, false, false, true, true, true, true])
  })
})

it('a message has one to five hundred characters', () => {
  expect(parseMessage(' \n ')).toMatchObject({ reason: 'empty-message' })
  expect(parseMessage('x'.repeat(501))).toMatchObject({ reason: 'long-text' })
  expect(parseMessage('.')).toEqual({ ok: true, value: '.' })
})

describe('where a ticket stands', () => {
  it('the admin’s first message begins the work and ends the waiting', () => {
    expect(afterMessage({ status: 'OPEN', waitingSince: BEFORE }, 'ADMIN', NOW)).toEqual({ status: 'IN_PROGRESS', waitingSince: null })
    expect(afterMessage({ status: 'RESOLVED', waitingSince: null }, 'ADMIN', NOW).status).toBe('RESOLVED')
  })

  it('a person who writes again waits since the first unanswered word, and opens a resolved ticket again', () => {
    expect(afterMessage({ status: 'OPEN', waitingSince: BEFORE }, 'USER', NOW)).toEqual({ status: 'OPEN', waitingSince: BEFORE })
    expect(afterMessage({ status: 'RESOLVED', waitingSince: null }, 'USER', NOW)).toEqual({ status: 'IN_PROGRESS', waitingSince: NOW })
  })

  it('nobody waits with a resolved or closed ticket', () => {
    expect(afterChange({ status: 'OPEN', waitingSince: BEFORE }, { status: 'CLOSED' })).toEqual({ status: 'CLOSED', waitingSince: null })
    expect(afterChange({ status: 'OPEN', waitingSince: BEFORE }, { priority: 'HIGH' })).toEqual({ status: 'OPEN', waitingSince: BEFORE })
  })

  it.each([[null], [{}], [{ status: 'DONE' }], [{ priority: 'LOW', category: 'X' }]])('%j is no change', (sent) => {
    expect(parseChange(sent)).toMatchObject({ reason: 'bad-change' })
  })
})
