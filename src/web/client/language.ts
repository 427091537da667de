import { type Locale, textIn } from '../../kernel/locale.ts'
import { OFFLINE as OFFLINE_EN } from '../text.en.ts'
import { OFFLINE } from '../text.es.ts'
import * as en from './text.en.ts'
import * as es from './text.es.ts'

const ES = { ...es.SCRIPT, offline: OFFLINE }
const EN = { ...en.SCRIPT, offline: OFFLINE_EN }

/** The language of the page that this script runs on. */
export function pageLocale(): Locale {
  return typeof document !== 'undefined' && document.documentElement.lang.startsWith('en') ? 'en' : 'es'
}

/** What the script says, in the language of the page. */
export function pageText() {
  return textIn(pageLocale(), { es: ES, en: EN })
}
