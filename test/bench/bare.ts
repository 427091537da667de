import { gzipSync } from 'node:zlib'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'

/**
 * The limit for pages and JSON: a server that does nothing but answer with given bytes. A program of its own; `BYTES` is a JSON object from path to
 * the text of the answer. It compresses like the product, when it is asked to.
 */
const answers = new Map(Object.entries(await readAnswers()))
const app = new Hono()
app.get('*', (c) => {
  const answer = answers.get(c.req.path)
  if (!answer) return c.notFound()
  if (answer.isPage && c.req.header('accept-encoding')?.includes('gzip')) {
    c.header('Content-Type', 'text/html; charset=UTF-8')
    c.header('Content-Encoding', 'gzip')
    return c.body(gzipSync(answer.text, { level: GZIP_LEVEL }))
  }
  return answer.isPage ? c.html(answer.text) : c.body(answer.text, 200, { 'Content-Type': 'application/json' })
})

/** As the product's. */
const GZIP_LEVEL = 5

interface BareAnswer {
  text: string
  isPage: boolean
}

async function readAnswers(): Promise<Record<string, BareAnswer>> {
  const { readFile } = await import('node:fs/promises')
  return JSON.parse(await readFile(process.env.ANSWERS_FILE ?? '', 'utf8')) as Record<string, BareAnswer>
}

serve({ fetch: app.fetch, port: Number(process.env.PORT), hostname: '127.0.0.1' }, () => process.stdout.write('Ready\n'))
