import { describe, expect, it } from 'vitest'
import { createContext, raw, useContext } from './jsx-runtime.ts'

const Greeting = createContext('nobody')
const Greeted = () => <b>{useContext(Greeting)}</b>

describe('a page as text', () => {
  it('what people typed is text, in elements and in attributes; only what is said to be HTML is not', () => {
    const typed = `<img src=x onerror="alert('1')">&`
    const safe = '&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;'
    expect(String(<p title={typed}>{typed}</p>)).toBe(`<p title="${safe}">${safe}</p>`)
    expect(String(<p>{raw('<em>dicho</em>')}</p>)).toBe('<p><em>dicho</em></p>')
    expect(String(<p>{[typed, [<i>{typed}</i>]]}</p>)).toBe(`<p>${safe}<i>${safe}</i></p>`)
  })

  it('a switch is there or not, any other attribute says yes or no, and what is missing is left out', () => {
    const input = <input type="radio" checked={true} disabled={false} aria-invalid={false} spellcheck={false} title={undefined} />
    expect(String(input)).toBe('<input type="radio" checked="" aria-invalid="false" spellcheck="false"/>')
  })

  it('shows numbers, also 0, and nothing for what is no text', () => {
    expect(
      String(
        <p>
          {0}
          {null}
          {undefined}
          {true}
          {''}
        </p>,
      ),
    ).toBe('<p>0</p>')
  })

  it('a value given above is known below it, there only, also when a page fails in the middle', () => {
    const Broken = () => {
      throw new Error('in the middle')
    }
    const page = (inner: unknown) => (
      <>
        <Greeting.Provider value="Ana">
          <Greeted />
          {inner as string}
        </Greeting.Provider>
        <Greeted />
      </>
    )
    expect(String(page(null))).toBe('<b>Ana</b><b>nobody</b>')
    expect(() => String(page(<Broken />))).toThrow('in the middle')
    const Quoted = () => <i>{String(<Greeted />)}</i>
    expect(String(page(<Quoted />))).toBe('<b>Ana</b><i>&lt;b&gt;Ana&lt;/b&gt;</i><b>nobody</b>')
  })

  it('a name that would end its tag, and what cannot be shown, are bugs', () => {
    expect(() => String(<p {...{ 'x onload=y': '1' }} />)).toThrow('No attribute can be called')
    expect(() => String(<p>{Promise.resolve('later')}</p>)).toThrow('A page cannot show')
    expect(() => String(<p>{new Date(0) as unknown as string}</p>)).toThrow('A page cannot show')
  })
})
