import { z } from 'zod'
import { AccessCode, joinByCode } from '../../features/enrollment/commands.ts'
import { JOIN_STATUS, type JoinRefusal } from '../../features/enrollment/rules.ts'
import { ALREADY_JOINED_TEXT, joinText } from '../../features/enrollment/text.es.ts'
import { describeFailure } from '../../kernel/failure.ts'
import type { AppContext } from '../context.ts'
import { type Endpoint, fail, readJson } from '../endpoint.ts'
import { addressKey } from '../middleware/address.ts'

const Joined = z.object({
  response: z.object({
    id: z.string(),
    htmlLink: z.url(),
    startTime: z.iso.datetime(),
    endTime: z.iso.datetime(),
    classType: z.enum(['individual', 'grupal']),
    currentParticipants: z.number(),
    maxParticipants: z.number(),
    message: z.string().optional(),
  }),
})
const Refused = z.object({ response: z.object({ message: z.string() }) })

function refusal(c: AppContext, reason: JoinRefusal, code: string): Response {
  const { joinLeadMinutes } = c.get('deps').config
  // For programs and for pages in another language, which have words of their own.
  c.header('Refusal', reason)
  return c.json({ response: { message: joinText(reason, { code, leadMinutes: joinLeadMinutes }) } }, JOIN_STATUS[reason])
}

export const accessCodeEndpoint: Endpoint = {
  method: 'POST',
  path: '/api/access-code',
  summary: 'Entra a una clase grupal con su código',
  auth: 'login',
  body: z.union([z.object({ accessCode: z.string() }), z.string()]),
  responses: {
    200: { description: 'Dentro de la clase (también si ya estaba)', schema: Joined },
    400: { description: 'Código mal escrito', schema: Refused },
    403: { description: 'Clase propia, o todavía no se habilita', schema: Refused },
    404: { description: 'Código desconocido', schema: Refused },
    409: { description: 'Clase completa', schema: Refused },
    410: { description: 'Clase terminada, o código vencido', schema: Refused },
    429: { description: 'Demasiados intentos', schema: Refused },
  },
  async handle(c, viewer) {
    const body = await readJson(c)
    const raw = body.ok ? body.value : undefined
    const code = AccessCode.safeParse(typeof raw === 'object' && raw !== null ? (raw as Record<string, unknown>).accessCode : raw)
    if (!code.success) return refusal(c, 'bad-code', '')
    try {
      const joined = await joinByCode(c.get('deps'), viewer.id, code.data, addressKey(c))
      if (!joined.ok) {
        const { retryAfterSeconds, startsAt } = joined.detail ?? {}
        if (retryAfterSeconds !== undefined) c.header('Retry-After', String(retryAfterSeconds))
        // The text is fixed (behaviour 4.7): whoever was invited and is early still learns here when to come back.
        if (startsAt) c.header('Class-Start', startsAt.toISOString())
        return refusal(c, joined.reason, code.data)
      }
      const { id, meetUrl, startsAt, endsAt, classType, currentParticipants, maxParticipants, again } = joined.value
      return c.json({
        response: {
          id,
          htmlLink: meetUrl,
          startTime: startsAt.toISOString(),
          endTime: endsAt.toISOString(),
          classType,
          currentParticipants,
          maxParticipants,
          ...(again ? { message: ALREADY_JOINED_TEXT } : {}),
        },
      })
    } catch (error) {
      c.get('deps').log.error(describeFailure(error), 'joining failed')
      return fail(c, 500, 'Failed to fetch Google Meet link')
    }
  },
}
