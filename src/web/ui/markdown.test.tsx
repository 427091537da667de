import { describe, expect, it } from 'vitest'
import { Markdown } from './markdown.tsx'

const html = (text: string) => String(<Markdown text={text} />)

describe('Markdown of the teacher', () => {
  it('is shown as headings below those of the page, lists, emphasis, tables and links', () => {
    const shown = html(
      '# Past simple\n\n- **go** → went\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n[BBC](https://www.bbc.co.uk/learningenglish)',
    )
    for (const part of ['<h2>Past simple</h2>', '<li><strong>go</strong>', '<td>1</td>', 'rel="noopener noreferrer nofollow"'])
      expect(shown).toContain(part)
  })

  it('leaves out no level of headings', () => {
    expect(html('### One\n\n# Two\n\n###### Three').match(/<h\d/g)).toEqual(['<h2', '<h2', '<h3'])
  })

  it('keeps gaps as they are typed', () => {
    expect(html('She ____ (be) here and (____) there, I___am.')).toContain('She ____ (be) here and (____) there, I___am.')
  })

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt&#58;alert(1))',
    '[x](data:text/html;base64,PHNjcmlwdD4=)',
    '[x](//evil.example)',
    '![x](https://evil.example/pixel.png)',
    '<a href="javascript:alert(1)">x</a>',
    '[x](https://a.example "\\" onmouseover=alert(1) x=\\"")',
    '<javascript:alert(1)>',
    '```"><script>alert(1)</script>\nx\n```',
    '<style>body{display:none}</style>',
    '<iframe src=https://evil.example>',
    '| a |\n| :-: |\n| b |',
  ])('lets nothing act: %s', (text) => {
    const shown = html(text)
    const tags = [...shown.matchAll(/<\/?([a-z0-9]+)([^>]*)>/gi)]
    for (const [, name, attributes] of tags) {
      expect(['div', 'p', 'a', 'pre', 'code', 'table', 'thead', 'tbody', 'tr', 'th', 'td']).toContain(name)
      expect(attributes?.replaceAll(/"[^"]*"/g, '""') ?? '').not.toMatch(/\son|style|src/)
    }
    expect(shown).not.toMatch(/(href|src)="(?!https:\/\/(a|evil)\.example|mailto:)/)
  })

  it('ends, however it is nested or long', () => {
    const started = performance.now()
    for (const text of [
      '>'.repeat(20_000),
      '['.repeat(20_000),
      '*a'.repeat(50_000),
      '- '.repeat(20_000),
      '`'.repeat(50_000),
      '___'.repeat(50_000),
    ])
      html(text)
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})
