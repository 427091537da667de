import { stream } from 'hono/streaming'
import { z } from 'zod'
import { exportOf } from '../../features/account/export.ts'
import { NIVELES, parseUserData } from '../../features/identity/profile.ts'
import { saveUserData, userDataOf } from '../../features/identity/settings.ts'
import { USER_DATA_TEXT } from '../../features/identity/text.es.ts'
import { describeFailure } from '../../kernel/failure.ts'
import { wallDate } from '../../kernel/zoned-time.ts'
import { type Endpoint, fail, readJson } from '../endpoint.ts'
import { API_TEXT } from '../text.es.ts'

const SAVES_PER_10_MINUTES = 60
const EXPORTS_PER_10_MINUTES = 5

const UserData = z.object({
  localidad: z.string().meta({ description: 'Hasta 40 letras, números, espacios, comas, puntos, guiones, apóstrofos y paréntesis, o "-"' }),
  nivel: z.enum(NIVELES),
  telefono: z.string().nullable().meta({ description: 'E.164; vacío si no hay', example: '+5491155551234' }),
  newsletter: z.enum(['si', 'no']),
})

export const readUserDataEndpoint: Endpoint = {
  method: 'GET',
  path: '/api/user-data',
  summary: 'Los datos propios que se pueden cambiar',
  auth: 'login',
  responses: { 200: { description: 'Los cuatro datos', schema: UserData }, 500: { description: 'No se pudieron leer' } },
  async handle(c, viewer) {
    const deps = c.get('deps')
    try {
      return c.json(await userDataOf(deps, viewer.id))
    } catch (error) {
      deps.log.error(describeFailure(error), 'user data could not be read')
      return fail(c, 500, 'Failed to fetch user data')
    }
  },
}

export const saveUserDataEndpoint: Endpoint = {
  method: 'POST',
  path: '/api/user-data',
  summary: 'Guarda los datos propios',
  auth: 'login',
  limitPer10Minutes: SAVES_PER_10_MINUTES,
  body: UserData,
  responses: {
    200: { description: 'Guardados', schema: z.object({ message: z.literal('User data received'), data: UserData }) },
    400: { description: 'Un dato no es válido; el texto dice cuál' },
  },
  async handle(c, viewer) {
    const body = await readJson(c)
    if (!body.ok) return fail(c, 400, API_TEXT.notJson)
    const parsed = parseUserData(body.value)
    if (!parsed.ok) return fail(c, 400, USER_DATA_TEXT[parsed.reason])
    await saveUserData(c.get('deps'), viewer.id, parsed.value)
    return c.json({ message: 'User data received', data: parsed.value })
  },
}

export const exportEndpoint: Endpoint = {
  method: 'GET',
  path: '/api/user-data/export',
  summary: 'Todo lo propio en un archivo: cuenta, sesiones, clases, pagos, avisos, actividades, repasos, notas del profesor y tickets',
  auth: 'login',
  limitPer10Minutes: EXPORTS_PER_10_MINUTES,
  responses: { 200: { description: 'Un archivo JSON' }, 429: { description: 'Demasiadas solicitudes' } },
  handle(c, viewer) {
    const deps = c.get('deps')
    c.header('Content-Type', 'application/json; charset=utf-8')
    c.header('Content-Disposition', `attachment; filename="hablainglesya-${wallDate(deps.clock.now())}.json"`)
    return stream(
      c,
      async (file) => {
        for await (const piece of exportOf(deps, viewer.id)) {
          // Whoever has gone needs no more of it.
          if (file.aborted) return
          await file.write(piece)
        }
      },
      async (error) => deps.log.error(describeFailure(error), 'an export was cut short'),
    )
  },
}
