import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import type { AppEnv } from './context.ts'
import { readJson } from './endpoint.ts'

describe('a body as JSON', () => {
  const app = new Hono<AppEnv>().post('/', async (c) => c.json(await readJson(c)))
  const read = async (body: string) => (await app.request('/', { method: 'POST', body })).json()

  it('keeps what can be stored, with the replacement character for half a character', async () => {
    expect(await read('{"a":"\\ud83d","b":["\\ude00x",1],"c":"\\ud83d\\ude00"}')).toEqual({
      ok: true,
      value: { a: '\ufffd', b: ['\ufffdx', 1], c: '😀' },
    })
  })

  it.each(['', '{', '{"a":"\\u0000"}', '"\0"', '{"\\ud83d":1}'])('refuses %j', async (body) => {
    expect(await read(body)).toEqual({ ok: false })
  })
})
