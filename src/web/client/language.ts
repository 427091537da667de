import type { Locale } from '../../kernel/locale.ts'

/** The language of the page that this script runs on. */
export function pageLocale(): Locale {
  return typeof document !== 'undefined' && document.documentElement.lang.startsWith('en') ? 'en' : 'es'
}
