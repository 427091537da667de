import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { compressFiles, filesBelow, hashedName, pointToHashedNames, publishFile } from './public-files.mjs'

const MANIFEST = { 'figtree.woff2': 'figtree.0123456789.woff2', 'icons/star.svg': 'icons/star.abcdef0123.svg' }

describe('public files', () => {
  it('change their name with their content and keep their folder', () => {
    expect(hashedName('icons/star.svg', '<svg/>')).toMatch(/^icons\/star\.[0-9a-f]{10}\.svg$/)
    expect(hashedName('star.svg', 'a')).not.toBe(hashedName('star.svg', 'b'))
    expect(hashedName('star.svg', 'a')).toBe(hashedName('star.svg', 'a'))
  })

  it('are written under that name, in folders made for them', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'public-'))
    try {
      const hashed = await publishFile(folder, 'icons/star.svg', '<svg/>')
      expect(readFileSync(join(folder, hashed), 'utf8')).toBe('<svg/>')
      expect(await filesBelow(folder)).toEqual([hashed])
      expect(await filesBelow(join(folder, 'nowhere'))).toEqual([])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('compressed files', () => {
  it('lie beside what gets smaller, and say the same', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'public-'))
    try {
      const long = 'a{color:red}'.repeat(200)
      const names = [
        await publishFile(folder, 'long.css', long),
        await publishFile(folder, 'x.txt', 'x'),
        await publishFile(folder, 'a.png', long),
      ]
      await compressFiles(folder, names)
      expect(await filesBelow(folder)).toEqual([...names, `${names[0]}.br`, `${names[0]}.gz`].sort())
      expect(brotliDecompressSync(readFileSync(join(folder, `${names[0]}.br`))).toString()).toBe(long)
      expect(gunzipSync(readFileSync(join(folder, `${names[0]}.gz`))).toString()).toBe(long)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('addresses in the style sheet', () => {
  it('point to hashed names, found by path or by file name', () => {
    expect(pointToHashedNames('src:url(./files/figtree.woff2)', MANIFEST)).toBe('src:url("figtree.0123456789.woff2")')
    expect(pointToHashedNames("url('/icons/star.svg?v=1')", MANIFEST)).toBe('url("icons/star.abcdef0123.svg")')
    expect(pointToHashedNames('url("../public/icons/star.svg#a")', MANIFEST)).toBe('url("icons/star.abcdef0123.svg")')
  })

  it('stay as they are when they are data, fragments or whole addresses', () => {
    for (const css of ['url(data:image/svg+xml,abc)', 'url(#clip)', 'url(https://example.com/a.png)']) {
      expect(pointToHashedNames(css, MANIFEST)).toBe(css)
    }
  })

  it('stop the build when nothing is published under that name', () => {
    expect(() => pointToHashedNames('url(missing.png)', MANIFEST)).toThrow('missing.png')
  })
})
