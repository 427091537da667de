import type { Client } from './world.ts'

/** Opening tags of a page. Attribute values never hold a raw `>`: the page's own escaping sees to that. */
function tagsOf(html: string): string[] {
  return html.match(/<[a-z][^>]*>/gi) ?? []
}

/** What in a page its own Content-Security-Policy would refuse, or would have to. */
export function violationsOf(html: string): string[] {
  const bodies = [...html.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>/gi)].map((match) => match[1]?.trim()).filter(Boolean)
  const tags = tagsOf(html).filter(
    (tag) =>
      /^<style\b/i.test(tag) ||
      /\sstyle\s*=/i.test(tag) ||
      /\son[a-z]+\s*=/i.test(tag) ||
      /\s(href|src|action|formaction)\s*=\s*["']?\s*(javascript|vbscript|data:text)/i.test(tag) ||
      (/^<script\b/i.test(tag) && !/\ssrc="\/assets\//.test(tag)) ||
      (/^<(link|img|source|iframe|object|embed)\b/i.test(tag) && /\s(src|href)="(?!\/|data:image)/i.test(tag)),
  )
  return [...tags, ...bodies.map((body) => `inline script: ${body}`)]
}

/** A page as a browser asks for it, with its text. */
export async function pageOf(client: Client, path: string): Promise<{ status: number; html: string; answer: Response }> {
  const answer = await client.get(path, { accept: 'text/html' })
  return { status: answer.status, html: await answer.text(), answer }
}
