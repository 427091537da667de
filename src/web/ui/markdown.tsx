import { raw } from 'hono/html'
import MarkdownIt from 'markdown-it'
import { useLocale } from './language.ts'

/** Where an answer goes, as in items: it is no emphasis. */
const GAP = /_{3,}/y
const PAGE_HEADING = 1
const DEEPEST_HEADING = 6

/**
 * Markdown that people typed. HTML in it stays text, addresses other than the web's and mail's are no links, pictures from elsewhere are not
 * loaded: what comes out holds nothing but a closed list of elements without scripts or styles, and the pages' policy forbids the rest.
 */
const MARKDOWN = new MarkdownIt({ html: false, linkify: false, breaks: true, maxNesting: 20 }).disable(['image'])

MARKDOWN.validateLink = (url) => /^(https?:|mailto:)/i.test(url.trim())
MARKDOWN.inline.ruler.before('emphasis', 'gap', (state, silent) => {
  GAP.lastIndex = state.pos
  const [gap] = GAP.exec(state.src) ?? []
  if (gap === undefined) return false
  if (!silent) state.pending += gap
  state.pos += gap.length
  return true
})
MARKDOWN.renderer.rules.link_open = (tokens, index, options, _env, self) => {
  tokens[index]?.attrSet('rel', 'noopener noreferrer nofollow')
  return self.renderToken(tokens, index, options)
}
// Headings begin below that of the page, and none leaves out a level, whatever was typed; aligned columns would need styles.
MARKDOWN.core.ruler.push('plain', ({ tokens }) => {
  let last = PAGE_HEADING
  for (const token of tokens) {
    if (token.type === 'heading_open') last = Math.min(Number(token.tag.slice(1)) + PAGE_HEADING, last + 1, DEEPEST_HEADING)
    if (token.type.startsWith('heading_')) token.tag = `h${last}`
    if (token.attrs) token.attrs = token.attrs.filter(([name]) => name !== 'style')
  }
})

// A table too wide for a phone scrolls in a box of its own, also with the keyboard.
MARKDOWN.renderer.rules.table_open = (_tokens, _index, _options, env) =>
  `<div class="markdown-table" role="region" tabindex="0" aria-label="${(env as { table?: string }).table ?? ''}"><table>`
MARKDOWN.renderer.rules.table_close = () => '</table></div>'

const TABLE = { es: 'Tabla', en: 'Table' } as const

/** A text that the teacher wrote in Markdown. */
export function Markdown({ text }: { text: string }) {
  const table = TABLE[useLocale()]
  return <div class="markdown">{raw(MARKDOWN.render(text, { table }))}</div>
}
