/** The languages that people read the product in. Spanish is what the contract fixes word by word; English says the same. */
export const LOCALES = ['es', 'en'] as const

export type Locale = (typeof LOCALES)[number]

export function isLocale(text: unknown): text is Locale {
  return LOCALES.some((locale) => locale === text)
}

/**
 * What a text is in any language: the shape of the Spanish one, without its wording. `text.en.ts` beside a `text.es.ts` must have it, so the
 * compiler finds what was not translated.
 */
export type Words<T> = T extends string
  ? string
  : T extends (...args: infer Arguments) => infer Result
    ? (...args: Arguments) => Words<Result>
    : T extends object
      ? { readonly [Key in keyof T]: Words<T[Key]> }
      : T

/** One text in its languages, as modules (`import * as es from './text.es.ts'`) or as objects. */
export interface Texts<T> {
  es: T
  en: Words<NoInfer<T>>
}

export function textIn<T>(locale: Locale, texts: Texts<T>): Words<T> {
  return locale === 'en' ? texts.en : (texts.es as Words<T>)
}
