import { createContext, useContext } from 'hono/jsx'
import { type Dates, datesIn } from '../../kernel/dates.ts'
import { type Locale, type Texts, textIn, type Words } from '../../kernel/locale.ts'
import * as en from '../text.en.ts'
import * as es from '../text.es.ts'

/** The language of the page that is being rendered; `render` of `site.tsx` sets it for the whole page. Spanish unless told otherwise. */
export const Language = createContext<Locale>('es')

export function useLocale(): Locale {
  return useContext(Language)
}

/** A component's texts in the language of the page: `const t = useText({ es, en })`. */
export function useText<T>(texts: Texts<T>): Words<T> {
  return textIn(useLocale(), texts)
}

/** The texts that several pages share (`src/web/text.es.ts`). */
export function useSharedText(): Words<typeof es> {
  return useText({ es, en })
}

/** Dates in words, in the language of the page. */
export function useDates(): Dates {
  return datesIn(useLocale())
}
