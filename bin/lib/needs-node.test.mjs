import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { nodeProblem } from './needs-node.mjs'

describe('a tool that needs the Node of the project', () => {
  it('names in one line the one that is needed, the one there is, and the way to the right one', () => {
    const asked = { needed: 26, command: '"npm run simulate"' }
    for (const version of ['20.19.0', '24.0.1', '25.9.9', '8.0.0']) {
      const problem = nodeProblem(version, '/usr/bin/node', asked) ?? ''
      for (const part of ['Node 26', version, '/usr/bin/node', 'npm run simulate']) expect(problem).toContain(part)
      expect(problem).not.toContain('\n')
    }
    for (const version of ['26.0.0', '27.1.0', '100.0.0']) expect(nodeProblem(version, '/usr/bin/node', asked)).toBeNull()
  })

  it('says so before anything written in TypeScript is read', () => {
    const tools = globSync('bin/**/*.mjs').map((path) => [path, readFileSync(path, 'utf8')])
    const reading = tools.filter(([, text]) => /(from|import) ?\(?'[^']+\.tsx?'/.test(text))
    expect(reading.map(([path]) => path).sort()).toEqual(['bin/chromium.mjs', 'bin/simulate.mjs'])
    for (const [path, text] of reading) {
      expect(text, `${path} imports it at once`).not.toMatch(/from '[^']+\.tsx?'/)
      expect(text.indexOf('requireNode('), path).toBeGreaterThan(0)
      expect(text.indexOf('requireNode('), path).toBeLessThan(text.indexOf('await import('))
    }
  })
})
