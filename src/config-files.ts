import { z } from 'zod'
import type { Centavos } from './kernel/money.ts'
import { fromPesos } from './kernel/money.ts'

/** Totals per class, in centavos. `grupal` is indexed by head-count, 2 to 5. */
export interface Pricing {
  individual: Centavos
  grupal: Record<2 | 3 | 4 | 5, Centavos>
}

/** Who teaches and who answers for it, as the public pages say it. */
export interface Academy {
  /** The file still has the values it came with: production refuses them, and the legal pages say so. */
  sample: boolean
  name: string
  teacher: {
    /** Null: the name of the teacher's Google account. */
    name: string | null
    presentation: { es: string; en: string }
    /** Name of a picture that lies beside the file; null: none. */
    photo: string | null
  }
  contact: {
    email: string
    /** Digits with the country's code, as `wa.me` takes them. */
    whatsapp: string | null
  }
  legal: { name: string; cuit: string; address: string; jurisdiction: string }
}

/** What a file holds, or what is wrong with it; never a value. */
type FileResult<T> = { ok: true; value: T } | { ok: false; error: string }

const wholePesos = z.number().int().positive().max(999_999_999)
const PricingFile = z.object({
  currency: z.literal('ARS'),
  individual: wholePesos,
  grupal: z.object({ '2': wholePesos, '3': wholePesos, '4': wholePesos, '5': wholePesos }),
})

/** The tariff of `config/pricing.json`. */
export function parsePricing(file: unknown): FileResult<Pricing> {
  const parsed = PricingFile.safeParse(file)
  if (!parsed.success)
    return { ok: false, error: 'config/pricing.json: hacen falta los cinco precios en pesos enteros y positivos, y currency "ARS".' }
  const { individual, grupal } = parsed.data
  return {
    ok: true,
    value: {
      individual: fromPesos(individual),
      grupal: { 2: fromPesos(grupal['2']), 3: fromPesos(grupal['3']), 4: fromPesos(grupal['4']), 5: fromPesos(grupal['5']) },
    },
  }
}

const CUIT_WEIGHTS = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2] as const

/** Two digits, eight, and the one that checks them. */
function isCuit(text: string): boolean {
  if (!/^\d{2}-\d{8}-\d$/.test(text)) return false
  const digits = [...text.replaceAll('-', '')].map(Number)
  const sum = CUIT_WEIGHTS.reduce((total, weight, index) => total + weight * (digits[index] ?? 0), 0)
  return (11 - (sum % 11)) % 11 === digits[10]
}

const line = (max: number) => z.string().trim().min(1).max(max)
const AcademyFile = z.strictObject({
  sample: z.boolean().default(false),
  name: line(60),
  teacher: z.strictObject({
    name: line(60).nullable().default(null),
    presentation: z.strictObject({ es: line(600), en: line(600) }),
    photo: z
      .string()
      .regex(/^[\w-]+\.(avif|webp|jpg|png)$/)
      .nullable()
      .default(null),
  }),
  contact: z.strictObject({
    email: z.email(),
    whatsapp: z
      .string()
      .regex(/^\+?\d[\d -]{7,18}$/)
      .transform((text) => text.replaceAll(/\D/g, ''))
      .nullable()
      .default(null),
  }),
  legal: z.strictObject({ name: line(100), cuit: z.string().refine(isCuit), address: line(160), jurisdiction: line(80) }),
})

/** The academy of `config/academy.json`. Production takes no sample values: people pay here and have to know whom. */
export function parseAcademy(file: unknown, production: boolean): FileResult<Academy> {
  const parsed = AcademyFile.safeParse(file)
  if (!parsed.success) {
    const fields = [...new Set(parsed.error.issues.map((issue) => issue.path.join('.') || 'el archivo'))]
    return { ok: false, error: `config/academy.json: falta o no vale: ${fields.join(', ')}.` }
  }
  if (production && parsed.data.sample)
    return {
      ok: false,
      error: 'config/academy.json: tiene los datos de ejemplo. Completá los de la academia y poné "sample" en false.',
    }
  return { ok: true, value: parsed.data }
}
