import { describe, expect, it } from 'vitest'
import { htmlOf, isSpanishOnly, pages } from './pages.tsx'

const renderings = pages.flatMap((sample) =>
  (isSpanishOnly(sample) ? (['es'] as const) : (['es', 'en'] as const)).map((locale) => [sample.name, locale, sample] as const),
)

/** Rules that every page keeps in every state; the gallery's pictures and axe look at the rest. */
describe.each(renderings)('%s, %s', async (_name, locale, sample) => {
  const html = await htmlOf(sample, locale)

  it('has nothing inline: no script, no style, no event handlers', () => {
    expect(html).not.toMatch(/<style[\s>]/)
    expect(html).not.toMatch(/<[^>]*\sstyle=/)
    expect(html).not.toMatch(/<[^>]*\son[a-z]+=/)
    expect(html).not.toMatch(/href="javascript:/i)
    expect([...html.matchAll(/<script([^>]*)>([^<]*)</g)].map(([, attributes, body]) => [attributes, body])).toEqual([
      [' type="module" src="/assets/main.js"', ''],
    ])
  })

  it('has one first-level heading, one main and a document language', () => {
    expect(html.match(/<h1[\s>]/g)).toHaveLength(1)
    expect(html.match(/<main[\s>]/g)).toHaveLength(1)
    expect(html.startsWith(`<!doctype html><html lang="${locale === 'en' ? 'en' : 'es-AR'}"`)).toBe(true)
  })

  it('uses every id once, and only ids that exist in references', () => {
    const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id)
    expect(ids).toEqual([...new Set(ids)])
    const references = [...html.matchAll(/\s(?:for|aria-labelledby|aria-describedby|popovertarget)="([^"]*)"/g)].flatMap(([, names]) =>
      names!.split(' '),
    )
    for (const name of references) expect(ids).toContain(name)
  })

  it('never puts a button inside a link', () => {
    for (const [, inside] of html.matchAll(/<a[\s>](.*?)<\/a>/gs)) expect(inside).not.toContain('<button')
  })

  it('opens other sites without a handle on this one', () => {
    for (const [link] of html.matchAll(/<a[^>]*target="_blank"[^>]*>/g)) expect(link).toContain('rel="noopener')
  })
})
