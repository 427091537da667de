import { describe, expect, it } from 'vitest'
import type { Locale } from '../../kernel/locale.ts'
import type { Chrome, Person } from './chrome.ts'
import { Document } from './document.tsx'
import { keep } from './kept.ts'
import { Language } from './language.ts'
import { Zone } from './zone.tsx'

const ANA: Person = { name: 'Ana Quiroga', email: 'ana@correo.test', isAdmin: false }
const BETO: Person = { name: 'Beto <b>', email: 'beto@correo.test', isAdmin: true }

function pageOf(locale: Locale, chrome: Partial<Chrome>): string {
  const frame: Chrome = { asset: (name) => `/assets/${name}`, theme: 'system', path: '/inicio', person: null, now: new Date(0), ...chrome }
  return String(
    <Language.Provider value={locale}>
      <Zone.Provider value={null}>
        <Document chrome={frame} title="Página">
          <p>texto</p>
        </Document>
      </Zone.Provider>
    </Language.Provider>,
  )
}

describe('parts of pages that are kept as text', () => {
  it('are drawn once for each key, and beyond the maximum anew', () => {
    const kept = keep(2)
    let drawn = 0
    const ask = (key: string) => String(kept(key, () => <i title={key}>{++drawn}</i>))
    expect([ask('a'), ask('a'), ask('b')]).toEqual(['<i title="a">1</i>', '<i title="a">1</i>', '<i title="b">2</i>'])
    expect([ask('c'), ask('a')]).toEqual(['<i title="c">3</i>', '<i title="a">4</i>'])
  })

  it('the frame says who looks, in which language, theme and place, whoever looked before', () => {
    const ana = () => pageOf('es', { person: ANA })
    const beto = () => pageOf('en', { person: BETO, theme: 'dark', path: '/inicio/reservas' })
    const first = [ana(), beto()]
    expect([beto(), ana()].toReversed()).toEqual(first)
    const [anas = '', betos = ''] = first
    expect(anas).toContain('Ana Quiroga')
    expect(anas).not.toMatch(/Beto|beto@|\/admin|Home/)
    expect(betos).toContain('Beto &lt;b&gt;')
    expect(betos).not.toMatch(/Ana|ana@|Inicio</)
    expect(betos).toContain('href="/admin"')
    expect(betos.match(/href="\/inicio\/reservas" aria-current="page"/g)).toHaveLength(2)
    expect(anas.match(/href="\/inicio" aria-current="page"/g)).toHaveLength(2)
    expect(betos).toContain('value="dark" aria-pressed="true"')
    expect(anas).toContain('value="system" aria-pressed="true"')
    expect(pageOf('es', { person: null })).not.toMatch(/Ana|Beto|menu-sign-out/)
  })
})
