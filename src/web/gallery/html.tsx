import type { Locale } from '../../kernel/locale.ts'
import { Language } from '../ui/language.ts'
import type { Sample } from './sample.ts'

/** The document of a sample, as the server would send it to a reader of that language. */
export async function htmlOf(sample: Sample, locale: Locale): Promise<string> {
  return String(await (<Language.Provider value={locale}>{sample.page}</Language.Provider>))
}
