import type { Locale } from '../../kernel/locale.ts'
import { Language } from '../ui/language.ts'
import { Zone } from '../ui/zone.tsx'
import type { Sample } from './sample.ts'

/** The document of a sample, as the server would send it to a reader of that language. */
export async function htmlOf(sample: Sample, locale: Locale): Promise<string> {
  const html = String(
    await (
      <Language.Provider value={locale}>
        <Zone.Provider value={sample.zone ?? null}>{sample.page}</Zone.Provider>
      </Language.Provider>
    ),
  )
  return sample.saved ? html.replace(/<html lang="[^"]*"/, (tag) => `${tag} data-saved="0"`) : html
}
