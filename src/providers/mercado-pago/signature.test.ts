import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type SignedNotification, verifySignature } from './signature.ts'

const SECRET = 'local-sandbox-secret'
const REQUEST_ID = '11111111-2222-4333-8444-555555555555'
const TS = 1766455693
const V1 = '66de1692e9f60aadbd62291030b0f7080457b69393f18d47094c0546a2dd162b'
const signed: SignedNotification = {
  xSignature: `ts=${TS},v1=${V1}`,
  xRequestId: REQUEST_ID,
  dataId: '123456789',
  secrets: [SECRET],
  now: new Date(TS * 1_000),
}

const verify = (change: Partial<SignedNotification> = {}) => verifySignature({ ...signed, ...change })
const hmac = (text: string, secret = SECRET) => createHmac('sha256', secret).update(text).digest('hex')

describe('the published vectors', () => {
  it.each([
    ['all parts', {}, V1, TS],
    ['no request id', { xRequestId: null }, '2e637fc3358039007c1ca14fd604406e0b06a426907e77787f09061b6fb7e8bb', TS],
    ['no data.id', { dataId: null }, '6671a9eb2173a42735527b52d646ef6a6fa344f229a270fa5328376cd5267d66', TS],
    ['time stamp in milliseconds', {}, '10da70cdd37cf42a39d27cadefeb2a5d53cddd2f57094a324b3e98387cce9371', TS * 1_000],
    ['lower-case letters in the id', { dataId: 'ord01abc' }, 'ae485b5b8b1a6e8fe0aef4c7016e1bba7ba28711c9d6759a6d415a8f5c5dd2ba', TS],
    ['upper-case id, signed in lower case', { dataId: 'ORD01ABC' }, 'ae485b5b8b1a6e8fe0aef4c7016e1bba7ba28711c9d6759a6d415a8f5c5dd2ba', TS],
  ])('%s', (_, change, v1, ts) => {
    expect(verify({ ...change, xSignature: `ts=${ts},v1=${v1}` })).toBe('valid')
  })

  it('an upper-case id signed as received is accepted too', () => {
    const v1 = hmac(`id:ORD01ABC;request-id:${REQUEST_ID};ts:${TS};`)
    expect(verify({ dataId: 'ORD01ABC', xSignature: `ts=${TS},v1=${v1}` })).toBe('valid')
  })
})

describe('the header', () => {
  it.each([`v1=${V1},ts=${TS}`, ` TS = ${TS} , V1 = ${V1} `, `v2=zzz,ts=${TS},v1=${V1}`])(
    'is read in any order and key case: %s',
    (xSignature) => {
      expect(verify({ xSignature })).toBe('valid')
    },
  )

  it.each([
    null,
    '',
    'ts',
    `ts=${TS}`,
    `v1=${V1}`,
    `ts=,v1=${V1}`,
    `ts=12x,v1=${V1}`,
    `ts=${TS},v1=${V1.toUpperCase()}`,
    `ts=${TS},v1=${V1.slice(1)}`,
    `ts=${TS},v1=${'ñ'.repeat(64)}`,
    `${'x'.repeat(2_000)},ts=${TS},v1=${V1}`,
  ])('is invalid when malformed: %s', (xSignature) => {
    expect(verify({ xSignature })).toBe('invalid')
  })

  it('never throws, whatever arrives', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.string(),
        (xSignature, xRequestId, dataId) => verify({ xSignature, xRequestId, dataId }) !== 'valid',
      ),
    )
  })
})

describe('what is signed', () => {
  it.each([
    { dataId: '123456780' },
    { dataId: null },
    { xRequestId: 'other' },
    { xRequestId: null },
    { xSignature: `ts=${TS + 1},v1=${V1}` },
  ])('a change is noticed: %o', (change) => {
    expect(verify(change)).toBe('invalid')
  })
})

describe('the secrets', () => {
  it('are tried in turn, so that they can be rotated', () => {
    expect(verify({ secrets: ['old', SECRET] })).toBe('valid')
  })

  it('another secret does not validate', () => {
    expect(verify({ secrets: ['old', 'older'] })).toBe('invalid')
  })

  it('no secret and an empty secret never validate, even when the signature was made with it', () => {
    const xSignature = `ts=${TS},v1=${hmac(`id:123456789;request-id:${REQUEST_ID};ts:${TS};`, '')}`
    expect(verify({ secrets: [''], xSignature })).toBe('invalid')
    expect(verify({ secrets: [], xSignature })).toBe('invalid')
  })
})

describe('the window of ten minutes', () => {
  const TEN_MINUTES = 600_000
  it.each([
    [TEN_MINUTES, 'valid'],
    [-TEN_MINUTES, 'valid'],
    [TEN_MINUTES + 1, 'outside-window'],
    [-TEN_MINUTES - 1, 'outside-window'],
  ])('%i ms away: %s', (distance, verdict) => {
    expect(verify({ now: new Date(TS * 1_000 + distance) })).toBe(verdict)
  })

  it('a wrong signature outside the window is invalid, not merely late', () => {
    expect(verify({ xRequestId: 'other', now: new Date(0) })).toBe('invalid')
  })
})
