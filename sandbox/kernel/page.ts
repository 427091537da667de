import { html, raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>

const STYLE = `
:root { color-scheme: light dark; --ink: #202124; --soft: #5f6368; --line: #dadce0; --ground: #f8f9fa; --card: #fff; --accent: #1a56c4; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --soft: #bdc1c6; --line: #4d5156; --ground: #17181b; --card: #202124; --accent: #8ab4f8; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 1.5rem 1rem 3rem; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.5rem; overflow-wrap: anywhere; }
main.narrow { max-width: 30rem; }
h1 { font-size: 1.4rem; margin: 0 0 .5rem; } h2 { font-size: 1.1rem; margin: 1.75rem 0 .5rem; }
.soft { color: var(--soft); } .note { border-left: .25rem solid #b06000; padding-left: .75rem; }
a { color: var(--accent); }
button { font: inherit; min-height: 2.75rem; padding: .5rem 1rem; border: 1px solid var(--line); border-radius: .5rem; background: transparent; color: inherit; cursor: pointer; }
button.main { background: var(--accent); border-color: var(--accent); color: var(--card); }
button.row { display: block; width: 100%; text-align: left; margin: .35rem 0; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
label { display: block; margin-top: .75rem; } label.tick { display: flex; gap: .6rem; align-items: flex-start; }
input[type=text], input[type=email], input[type=datetime-local] { font: inherit; width: 100%; min-height: 2.75rem; padding: .4rem .6rem; border: 1px solid var(--line); border-radius: .5rem; background: transparent; color: inherit; }
.buttons { display: flex; flex-wrap: wrap; gap: .6rem; margin-top: 1.25rem; }
table { width: 100%; border-collapse: collapse; } th, td { text-align: left; vertical-align: top; padding: .4rem .5rem; border-bottom: 1px solid var(--line); }
.scroll { overflow-x: auto; } pre { white-space: pre-wrap; } iframe { width: 100%; height: 32rem; border: 1px solid var(--line); border-radius: .5rem; background: #fff; }
`

/** A complete document of the sandbox. It works without JavaScript. */
export function page(title: string, body: Html, options: { narrow?: boolean } = {}): Html {
  return html`<!doctype html>
<html lang="es-AR">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<main class="${options.narrow ? 'narrow' : ''}">
${body}
</main>
</body>
</html>`
}
