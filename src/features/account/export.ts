import { asc, eq } from 'drizzle-orm'
import { appUser, session } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { activitiesPart, notesPart, reviewsPart, transcriptsPart } from '../activity/export.ts'
import { noticesPart } from '../notice/export.ts'
import { ordersPart, paymentsPart, refundsPart } from '../payment/export.ts'
import { messagesPart, ticketsPart } from '../support/export.ts'
import { bookedClassesPart, participationsPart } from '../virtual-class/export.ts'
import { type ExportPart, listPart } from './export-part.ts'

const ROWS_AT_ONCE = 200
/** More pages than anybody fills; a list that does not end must not keep a connection for ever. */
const PAGES_MAX = 500

const accountPart = listPart(
  'cuenta',
  (handle, userId) => handle.select().from(appUser).where(eq(appUser.id, userId)),
  (row) => ({
    id: row.id,
    nombre: row.name,
    nombreEnGoogle: row.googleName,
    email: row.email,
    imagen: row.image,
    localidad: row.localidad,
    nivel: row.nivel,
    telefono: row.telefono,
    zonaHoraria: row.zone,
    idioma: row.locale,
    tema: row.theme,
    boletin: row.newsletter,
    recordatorioDelDiaAnterior: row.mailDayBefore,
    recordatorioDeLaHoraAnterior: row.mailHourBefore,
    avisoDeActividad: row.mailActivity,
    permiteTranscripcionesDesde: row.transcriptsAgreedAt,
    creada: row.createdAt,
  }),
)

const sessionsPart = listPart('sesiones', (handle, userId) =>
  handle
    .select({ empezo: session.createdAt, ultimoUso: session.usedAt, vence: session.expiresAt, navegador: session.userAgent })
    .from(session)
    .where(eq(session.userId, userId))
    .orderBy(asc(session.createdAt), asc(session.publicId)),
)

/** Everything the file holds, in its order. A feature that keeps something about people adds its part here. */
const PARTS: readonly ExportPart[] = [
  accountPart,
  sessionsPart,
  bookedClassesPart,
  participationsPart,
  ordersPart,
  paymentsPart,
  refundsPart,
  noticesPart,
  activitiesPart,
  reviewsPart,
  notesPart,
  transcriptsPart,
  ticketsPart,
  messagesPart,
]

/** The file with everything of a person, as JSON text piece by piece: however much there is, little of it is in memory. */
export async function* exportOf(deps: Deps, userId: string): AsyncGenerator<string> {
  yield `{\n  "hecho": ${JSON.stringify(deps.clock.now())},\n  "sitio": ${JSON.stringify(deps.config.baseUrl)}`
  for (const part of PARTS) {
    yield `,\n  ${JSON.stringify(part.name)}: [`
    let separator = '\n    '
    for (let page = 0; page < PAGES_MAX; page++) {
      const rows = await part.read(deps.db.handle, userId, { limit: ROWS_AT_ONCE, offset: page * ROWS_AT_ONCE })
      for (const row of rows) {
        yield separator + JSON.stringify(row, null, 2).replaceAll('\n', '\n    ')
        separator = ',\n    '
      }
      if (rows.length < ROWS_AT_ONCE) break
    }
    yield separator === '\n    ' ? ']' : '\n  ]'
  }
  yield '\n}\n'
}
