import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'

/** Reads the JSON body of a control call. An absent body counts as `{}`. Throws a 400 answer that names what is wrong. */
export async function readControlBody<Schema extends z.ZodType>(c: Context, schema: Schema): Promise<z.infer<Schema>> {
  const text = await c.req.text()
  const parsed = schema.safeParse(text.trim() === '' ? {} : parseJson(text))
  if (!parsed.success) throw badControlRequest(z.prettifyError(parsed.error))
  return parsed.data
}

/** A 400 answer with the shape of every control error: `{ "error": text }`. */
export function badControlRequest(message: string): HTTPException {
  return controlError(400, message)
}

export function controlError(status: 400 | 404 | 409, message: string): HTTPException {
  return new HTTPException(status, { message, res: Response.json({ error: message }, { status }) })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw badControlRequest('The body is not valid JSON.')
  }
}
