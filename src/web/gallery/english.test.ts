import { describe, expect, it } from 'vitest'
import { htmlOf, isSpanishOnly, pages } from './pages.tsx'
import type { Sample } from './sample.ts'
import { LONG_NAME, LONG_OBJECTIVE } from './samples.ts'

/** Very common words of Spanish that no English text holds. */
const SPANISH = [
  ...[
    'el',
    'la',
    'los',
    'las',
    'una',
    'del',
    'que',
    'para',
    'por',
    'con',
    'sin',
    'pero',
    'cuando',
    'está',
    'más',
    'también',
    'todavía',
    'hasta',
  ],
  ...[
    'tu',
    'tus',
    'te',
    'podés',
    'tenés',
    'elegí',
    'clase',
    'clases',
    'pago',
    'pagos',
    'horario',
    'reserva',
    'hora',
    'horas',
    'hs',
    'desde',
  ],
  ...['día', 'semana', 'mes', 'nuevo', 'código', 'estudiante', 'profesor', 'lunes', 'martes', 'jueves', 'viernes', 'enero', 'noviembre'],
]
const WORD = new RegExp(`(?<![\\p{L}\\p{N}])(?:${SPANISH.join('|')})(?![\\p{L}\\p{N}])`, 'iu')

const NAMES = [
  LONG_NAME,
  'Mercado Pago',
  'Los Angeles',
  'San Fernando del Valle de Catamarca',
  'Agencia de Acceso a la Información Pública',
]
/** How texts of the samples begin that people wrote, that an exercise asks, or that were passed on as the API says them. */
const WRITTEN = [
  ...[
    LONG_OBJECTIVE,
    `Objetivo de la clase: ${LONG_OBJECTIVE}`,
    '“Me enfermé',
    'Mi clase del jueves',
    'Sí, el viernes',
    'Media hora no',
    'Pagué dos',
  ],
  ...[
    'Usa el',
    'Usamos at',
    'Uní ',
    'Un buen texto',
    'Muy claro',
    'Ordená las',
    'Leé el texto',
    'En tercera persona',
    'Con he, she',
    'Completá con',
  ],
  ...[
    'Ya tenés demasiadas',
    'Ya tenés una clase a esa hora',
    'No se encontro ninguna',
    'No pudimos iniciar',
    'Liberamos el lugar',
    'La clase ya ha finalizado',
    'El código cambió',
  ],
  ...['Cancelaste la clase', 'Alguna respuesta'],
]
/** The ribbon of the sandbox is for whoever builds the product. */
const UNREAD = /<(script|style|aside class="ribbon")[\s>].*?<\/(script|style|aside)>/gs

async function spanishOf(sample: Sample, locale: 'es' | 'en'): Promise<string[]> {
  const html = await htmlOf(sample, locale)
  const body = html.slice(html.indexOf('<body')).replace(UNREAD, ' ')
  const attributes = [...body.matchAll(/\s(?:aria-label|placeholder|title|alt)="([^"]*)"/g)].map(([, words]) => words ?? '')
  const lines = [/<title>([^<]*)/.exec(html)?.[1] ?? '', ...attributes, ...body.replace(/<[^>]*>/g, '\n').split('\n')]
  return lines
    .map((line) => NAMES.reduce((rest, name) => rest.replaceAll(name, ''), line.trim()))
    .filter((line) => WORD.test(line) && !WRITTEN.some((start) => line.startsWith(start)))
}

/** A page of the admin under a student's name is the admin's all the same. */
const inEnglish = pages.filter((sample) => !isSpanishOnly(sample) && sample.name !== 'reprogramar-admin')

describe('pages in English', () => {
  it.each(inEnglish.map((sample) => [sample.name, sample] as const))('%s holds no Spanish', async (_name, sample) => {
    expect(await spanishOf(sample, 'en')).toEqual([])
  })

  it('Spanish would be found on every one of them', async () => {
    for (const sample of inEnglish) expect(await spanishOf(sample, 'es'), sample.name).not.toEqual([])
  })
})
