import { html } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>

/** A complete page. It works without JavaScript and loads nothing from elsewhere. */
export function layout(title: string, body: Html, returnsTo?: { url: string; seconds: number }): Html {
  return html`<!doctype html>
<html lang="es-AR">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${returnsTo ? html`<meta http-equiv="refresh" content="${returnsTo.seconds};url=${returnsTo.url}">` : ''}
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/checkout/v1/checkout.css">
</head>
<body>
<header><p class="brand">Mercado Pago</p><p class="tag">Entorno de prueba: no se cobra nada</p></header>
<main>${body}</main>
</body>
</html>`
}

const PESOS = new Intl.NumberFormat('es-AR', { minimumFractionDigits: 0, maximumFractionDigits: 2 })

export const money = (amount: number, currency = 'ARS'): string => `${currency === 'ARS' ? '$' : currency} ${PESOS.format(amount)}`

const DATE_TIME = new Intl.DateTimeFormat('es-AR', {
  dateStyle: 'long',
  timeStyle: 'short',
  hour12: false,
  timeZone: 'America/Argentina/Buenos_Aires',
})

export const dateTime = (instant: Date | string): string => `${DATE_TIME.format(new Date(instant))} h`

export const STYLES = `
:root { color-scheme: light dark; --ink: #1b1530; --soft: #5d5672; --line: #d9d5ca; --paper: #f7f6f2; --raised: #fff; --blue: #0072bb; --on-blue: #fff; --good: #4b7a12; --bad: #b3261e; --wait: #8a5a00; }
@media (prefers-color-scheme: dark) { :root { --ink: #f4f1fa; --soft: #b3abc8; --line: #3a3450; --paper: #15121f; --raised: #1e1a2b; --blue: #6cc3ff; --on-blue: #10202c; --good: #b5e05a; --bad: #ff8a80; --wait: #ffcf70; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', sans-serif; }
header { display: flex; flex-wrap: wrap; gap: 0 1rem; align-items: baseline; justify-content: space-between; max-width: 34rem; margin: 0 auto; padding: 1.25rem 1rem .5rem; }
header p { margin: 0; } .brand { font-weight: 700; } .tag { color: var(--soft); font-size: .875rem; }
main { max-width: 34rem; margin: 0 auto; padding: 0 1rem 3rem; } main > p { margin-top: 1rem; }
h1 { font-size: 1.35rem; line-height: 1.3; margin: 0; text-wrap: balance; } h2 { font-size: .9rem; margin: 1rem 0 0; } .notice h2 { font-size: 1rem; margin: 0; }
p { margin: .25rem 0 0; max-width: 68ch; overflow-wrap: anywhere; } .soft { color: var(--soft); }
section, details { background: var(--raised); border: 1px solid var(--line); border-radius: 16px; padding: 1.25rem; margin-top: 1rem; }
.sum { display: flex; gap: 1rem; justify-content: space-between; align-items: baseline; }
.amount { font-size: 1.75rem; font-weight: 700; font-variant-numeric: tabular-nums; white-space: nowrap; }
summary { font-weight: 600; cursor: pointer; min-height: 1.75rem; } details[open] > summary { margin-bottom: .75rem; }
label { display: block; margin-top: .85rem; font-size: .9rem; color: var(--soft); }
input, select { display: block; width: 100%; min-height: 2.9rem; margin-top: .25rem; padding: .5rem .75rem; font: inherit; font-variant-numeric: tabular-nums; color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: 10px; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 0 .75rem; }
button, .button { display: block; width: 100%; min-height: 3rem; margin-top: 1.25rem; padding: .7rem 1rem; font: inherit; font-weight: 600; text-align: center; text-decoration: none; color: var(--on-blue); background: var(--blue); border: 1px solid var(--blue); border-radius: 10px; cursor: pointer; }
.button.quiet, button.quiet { color: var(--blue); background: transparent; border-color: var(--line); }
:focus-visible { outline: 3px solid var(--blue); outline-offset: 2px; }
.chips { display: flex; flex-wrap: wrap; gap: .5rem; margin: .5rem 0 0; padding: 0; list-style: none; }
.chips a { display: block; padding: .45rem .75rem; border: 1px solid var(--line); border-radius: 10px; font-size: .875rem; color: var(--ink); text-decoration: none; }
.chips a[aria-current] { border-color: var(--blue); box-shadow: inset 0 0 0 1px var(--blue); }
.notice { border-left: .3rem solid var(--wait); padding-left: 1rem; } .notice.bad { border-left-color: var(--bad); } .notice.good { border-left-color: var(--good); }
.mark { font-weight: 700; margin: 0 0 .25rem; } .good .mark { color: var(--good); } .bad .mark { color: var(--bad); } .wait .mark { color: var(--wait); }
dl { display: grid; grid-template-columns: auto 1fr; gap: .35rem 1rem; margin: 1rem 0 0; } dt { color: var(--soft); } dd { margin: 0; text-align: right; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
`
