import type { JSX } from 'hono/jsx/jsx-runtime'
import type { HtmlEscapedString } from 'hono/utils/html'

/**
 * What TSX becomes on the server: elements that are written as text in one go. Pages are drawn anew for every reader, and a general library that can
 * wait for promises and move tags about takes several times as long for the same bytes. The compiler names this module in every TSX file (`#jsx`).
 */
export type { JSX }

type Props = Record<string, unknown>
type Component = (props: Props) => unknown

/** Known to the types as what the library of those types would make. */
const asElement = (element: Element): HtmlEscapedString => element as unknown as HtmlEscapedString

class Element {
  readonly tag: string | Component
  readonly props: Props
  constructor(tag: string | Component, props: Props) {
    this.tag = tag
    this.props = props
  }
  toString(): string {
    return written(this)
  }
}

class Raw {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
  toString(): string {
    return this.text
  }
}

export function jsx(tag: string | Component, props: Props): HtmlEscapedString {
  return asElement(new Element(tag, props))
}

export { jsx as jsxDEV, jsx as jsxs }

export function Fragment({ children }: Props): unknown {
  return children
}

/** Text that is HTML already. */
export function raw(html: string): HtmlEscapedString {
  return new Raw(html) as unknown as HtmlEscapedString
}

/** A value for everything below its `Provider`. Drawing never waits, so nobody else's page can be drawn in between. */
export interface Context<T> {
  Provider: (props: { value: T; children?: unknown }) => HtmlEscapedString
  value: T
}

const providers = new Map<unknown, Context<unknown>>()

export function createContext<T>(value: T): Context<T> {
  const Provider = (props: { value: T; children?: unknown }) => jsx(Provider as Component, props)
  const context: Context<T> = { Provider, value }
  providers.set(Provider, context as Context<unknown>)
  return context
}

export function useContext<T>(context: Context<T>): T {
  return context.value
}

let out = ''

/** An element as text. Also inside of another one that is being written. */
function written(child: unknown): string {
  const before = out
  out = ''
  try {
    write(child)
    return out
  } finally {
    out = before
  }
}

function write(child: unknown): void {
  if (typeof child === 'string') out += escaped(child)
  else if (child instanceof Element) writeElement(child)
  else if (typeof child === 'number') out += child
  else if (Array.isArray(child)) for (const each of child) write(each)
  else if (child instanceof Raw) out += child.text
  else if (child !== null && child !== undefined && typeof child !== 'boolean')
    throw new TypeError(`A page cannot show ${Object.prototype.toString.call(child)}`)
}

function writeElement({ tag, props }: Element): void {
  if (typeof tag === 'string') writeTag(tag, props)
  else {
    const context = providers.get(tag)
    if (context) writeBelow(context, props)
    else write(tag(props))
  }
}

function writeBelow(context: Context<unknown>, { value, children }: Props): void {
  const before = context.value
  context.value = value
  try {
    write(children)
  } finally {
    context.value = before
  }
}

const EMPTY_TAGS = new Set('area base br col embed hr img input link meta source track wbr'.split(' '))

function writeTag(tag: string, props: Props): void {
  out += `<${tag}`
  for (const name in props) if (name !== 'children') writeAttribute(name, props[name])
  if (EMPTY_TAGS.has(tag)) {
    out += '/>'
    return
  }
  out += '>'
  write(props.children)
  out += `</${tag}>`
}

/** There or not, without a value of their own. Any other attribute says "true" or "false". */
const SWITCHES = new Set(
  'allowfullscreen async autofocus autoplay checked controls default defer disabled download formnovalidate hidden inert ismap loop multiple muted nomodule novalidate open playsinline readonly required reversed selected'.split(
    ' ',
  ),
)

function writeAttribute(name: string, value: unknown): void {
  if (value === null || value === undefined) return
  if (typeof value === 'boolean' && SWITCHES.has(name)) {
    if (value) out += `${prefixOf(name)}"`
    return
  }
  out += `${prefixOf(name)}${typeof value === 'string' ? escaped(value) : escaped(String(value))}"`
}

const prefixes = new Map<string, string>()
const PREFIXES_MAX = 1_000

/** How an attribute begins. Names come from our own pages; one that could end its tag is a bug all the same. */
function prefixOf(name: string): string {
  const known = prefixes.get(name)
  if (known !== undefined) return known
  if (!/^[\w.:-]+$/.test(name)) throw new TypeError(`No attribute can be called ${JSON.stringify(name)}`)
  const prefix = ` ${name}="`
  if (prefixes.size < PREFIXES_MAX) prefixes.set(name, prefix)
  return prefix
}

const SPECIAL = /[&<>"']/
const ALL_SPECIAL = /[&<>"']/g
const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escaped(text: string): string {
  return SPECIAL.test(text) ? text.replace(ALL_SPECIAL, (character) => ESCAPES[character] ?? '') : text
}
