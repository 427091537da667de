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
