import { readFile } from 'node:fs/promises'
import * as esbuild from 'esbuild'
import { describe, expect, it } from 'vitest'
import { NODE_MIN, nodeProblem } from './node-version.ts'

/** The entry as it is built, with what it imports at once; what it imports later stays outside. */
async function builtFor(target: string): Promise<string> {
  const { outputFiles, metafile } = await esbuild.build({
    entryPoints: ['src/start.ts'],
    bundle: true,
    format: 'esm',
    platform: 'node',
    target,
    external: ['./begin.ts'],
    write: false,
    metafile: true,
  })
  expect(Object.keys(metafile.inputs)).toEqual(['src/node-version.ts', 'src/start.ts'])
  for (const { imports } of Object.values(metafile.outputs)) for (const { kind } of imports) expect(kind).toBe('dynamic-import')
  return outputFiles[0]?.text ?? ''
}

describe('a Node that is too old', () => {
  it('is named in one line with the one that is needed and the way to it', () => {
    for (const version of ['20.19.0', '24.0.1', '25.9.9', '8.0.0']) {
      const problem = nodeProblem(version, '/usr/bin/node') ?? ''
      for (const part of ['Node 26', version, '/usr/bin/node', 'npm start']) expect(problem).toContain(part)
      expect(problem).not.toContain('\n')
    }
    for (const version of ['26.0.0', '26.10.0', '27.1.0', '100.0.0']) expect(nodeProblem(version, '/usr/bin/node')).toBeNull()
  })

  it('is the one that comes with the packages no more', async () => {
    const { dependencies } = JSON.parse(await readFile('package.json', 'utf8')) as { dependencies: { node: string } }
    expect(Number(dependencies.node.split('.')[0])).toBe(NODE_MIN)
  })

  it('can read the first file, which reads the others only afterwards', async () => {
    // Written the same for an old Node as for the newest: nothing in it had to be put into older words.
    expect(await builtFor('node13.2')).toBe(await builtFor('esnext'))
  })
})
