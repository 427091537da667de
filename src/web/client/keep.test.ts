import { describe, expect, it } from 'vitest'
import { selectorOf } from './keep.ts'
import { withoutSaid } from './said.ts'

const element = (localName: string, attributes: Record<string, string>) => ({
  localName,
  id: attributes['id'] ?? '',
  getAttribute: (name: string) => attributes[name] ?? null,
})

describe('a page that is written anew', () => {
  it.each([
    ['its id', element('input', { id: 'codigo', name: 'code' }), '[id="codigo"]'],
    ['its key', element('summary', { 'data-key': '/inicio/clases/c1/salir' }), 'summary[data-key="/inicio/clases/c1/salir"]'],
    ['where it leads', element('a', { href: '/a"b' }), 'a[href="/a\\"b"]'],
    ['nothing', element('div', {}), null],
  ])('finds what had the focus by %s', (_, thing, selector) => expect(selectorOf(thing)).toBe(selector))

  it('has an address that does not tell again what was done, and keeps everything else', () => {
    expect(withoutSaid('http://localhost/inicio/mis-clases-virtuales?salio=1&pagina=2#unirme')).toBe(
      'http://localhost/inicio/mis-clases-virtuales?pagina=2#unirme',
    )
    for (const said of ['cancelada=full', 'reprogramada=1', 'lugar=codigo', 'codigo=1'])
      expect(withoutSaid(`http://localhost/inicio/mis-clases-virtuales?${said}`)).toBe('http://localhost/inicio/mis-clases-virtuales')
  })
})
