import { textIn, type Words } from '../../kernel/locale.ts'
import { pageLocale } from './language.ts'
import { SAY as EN } from './text.en.ts'
import { SAY as ES } from './text.es.ts'

/** What the script says, in the language of the page. */
export function say(): Words<typeof ES> {
  return textIn(pageLocale(), { es: ES, en: EN })
}
