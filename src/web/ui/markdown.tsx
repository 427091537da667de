import { raw } from 'hono/html'
import MarkdownIt from 'markdown-it'

/** Where an answer goes, as in items: it is no emphasis. */
const GAP = /_{3,}/y
const HEADINGS_BELOW = 2

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
// Below the headings of the page.
for (const rule of ['heading_open', 'heading_close'] as const) {
  MARKDOWN.renderer.rules[rule] = (tokens, index, options, _env, self) => {
    const token = tokens[index]
    if (token) token.tag = `h${Math.min(Number(token.tag.slice(1)) + HEADINGS_BELOW, 6)}`
    return self.renderToken(tokens, index, options)
  }
}

/** A text that the teacher wrote in Markdown. */
export function Markdown({ text }: { text: string }) {
  return <div class="markdown">{raw(MARKDOWN.render(text))}</div>
}
