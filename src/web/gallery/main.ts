import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildAssets, bundlePages } from './build.ts'
import { mailSamples } from './mails.ts'
import { AS_MAIL, AS_PAGE, photograph } from './photograph.ts'
import type { Picture } from './sample.ts'
import { serve } from './serve.ts'

/**
 * Renders every page and state with sample data into `test/output/gallery/`: HTML, screenshots at 360 and 1280 px in
 * light and dark, an accessibility report, and a check that nothing scrolls sideways, also at 320 px and at a zoom of 200 %; the same for every mail (`mail-…`) at 360 and 640 px, with
 * its text beside it. Fails when one breaks a rule.
 * Arguments: name prefixes of the pages wanted (all without arguments); `--english` shows them to an English reader.
 */
const OUTPUT = resolve('test/output/gallery')
const ENGLISH = '--english'

async function main(args: readonly string[]): Promise<number> {
  const wanted = args.filter((argument) => argument !== ENGLISH)
  const locale = args.includes(ENGLISH) ? 'en' : 'es'
  const work = await mkdtemp(join(tmpdir(), 'gallery-'))
  try {
    await mkdir(OUTPUT, { recursive: true })
    const assets = join(OUTPUT, 'assets')
    await buildAssets(assets)
    const bundle = join(work, 'pages.mjs')
    await bundlePages('src/web/gallery/pages.tsx', bundle)
    const { pages, htmlOf, isSpanishOnly } = (await import(pathToFileURL(bundle).href)) as typeof import('./pages.tsx')
    const asked = (sample: Picture) => wanted.length === 0 || wanted.some((prefix) => sample.name.startsWith(prefix))
    const chosen = pages.filter((sample) => asked(sample) && !(locale === 'en' && isSpanishOnly(sample)))
    for (const sample of chosen) await writeFile(join(OUTPUT, `${sample.name}.html`), await htmlOf(sample, locale))
    const mails = mailSamples(locale).filter(asked)
    for (const { name, html, text } of mails) {
      await writeFile(join(OUTPUT, `${name}.html`), html)
      await writeFile(join(OUTPUT, `${name}.txt`), text)
    }
    const server = await serve(OUTPUT)
    try {
      return report([
        ...(await photograph(chosen, server.origin, OUTPUT, AS_PAGE)),
        ...(await photograph(mails, server.origin, OUTPUT, AS_MAIL)),
      ])
    } finally {
      await server.close()
    }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

function report(problems: readonly string[]): number {
  for (const problem of problems) process.stderr.write(`${problem}\n`)
  process.stdout.write(problems.length === 0 ? `Galería sin problemas en ${OUTPUT}\n` : `${problems.length} problemas\n`)
  return problems.length === 0 ? 0 : 1
}

process.exitCode = await main(process.argv.slice(2))
