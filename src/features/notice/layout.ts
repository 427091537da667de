/** A date that can be torn off, as on the pages. */
export interface MailTicket {
  /** "26" */
  day: string
  /** "nov" */
  month: string
  /** "Jueves 26 de noviembre" */
  date: string
  /** "18:00 a 19:00 hs" */
  hours: string
  /** "Clase grupal, 3 personas" */
  what: string
  zone: string
  /** Why the class does not take place for this reader: its hour is struck out. */
  over: string | null
}

export interface MailParts {
  lang: string
  subject: string
  /** What it is about, in a few words. */
  headline: string
  greeting: string
  body: readonly string[]
  ticket: MailTicket | null
  code: { label: string; value: string; hint: string } | null
  action: { label: string; url: string }
  why: string
  links: readonly { label: string; url: string }[]
  siteUrl: string
}

const BRAND = 'HablaInglesYa'
const FONT = "font-family:Figtree,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"

/** Everything that the HTML says, for whoever reads text. */
export function textMail({ greeting, body, code, action, why, links }: MailParts): string {
  return [
    greeting,
    '',
    ...body,
    ...(code ? ['', `${code.label}: ${code.value}`, code.hint] : []),
    '',
    `${action.label}: ${action.url}`,
    '',
    '-- ',
    BRAND,
    why,
    ...links.map(({ label, url }) => `${label}: ${url}`),
    '',
  ].join('\n')
}

/**
 * One column of at most 560 px out of tables and inline styles, since mail programs know little else. Nothing is loaded and nothing is
 * counted. Where a program follows the system into the dark, the classes change the colours; elsewhere the light ones stand.
 */
export function htmlMail(parts: MailParts): string {
  const { lang, subject, headline, greeting, body, ticket, code, action, why, links, siteUrl } = parts
  return [
    `<!doctype html><html lang="${escapeHtml(lang)}" dir="ltr"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="x-apple-disable-message-reformatting">',
    '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">',
    `<title>${escapeHtml(subject)}</title>${STYLE}</head>`,
    `<body class="paper" style="margin:0;padding:0;background:#FBFAF6;${FONT}">`,
    `<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${escapeHtml(body[0] ?? '')}</div>`,
    table(
      'class="paper" width="100%" style="background:#FBFAF6"',
      `<tr><td align="center" style="padding:24px 12px">${table(
        'width="100%" style="max-width:560px"',
        [
          row(
            'padding:0 4px 16px',
            `<a class="ink" href="${escapeHtml(siteUrl)}" style="color:#1B1530;text-decoration:none;font-size:20px;font-weight:800">Habla<span class="brand" style="color:#5636D9">Ingles</span>Ya</a>`,
          ),
          `<tr><td class="card" style="background:#FFFFFF;border:1px solid #E4E0D5;border-radius:16px;padding:28px 24px">${[
            `<h1 class="ink" style="margin:0 0 16px;color:#1B1530;font-size:22px;line-height:1.3;font-weight:800">${escapeHtml(headline)}</h1>`,
            paragraph(greeting),
            ticket ? ticketBox(ticket) : '',
            ...body.map((line) => paragraph(line)),
            code ? codeBox(code) : '',
            button(action),
          ].join('')}</td></tr>`,
          row('padding:20px 4px 0', footer(why, links)),
        ].join(''),
      )}</td></tr>`,
    ),
    '</body></html>',
  ].join('')
}

/** `!important`, because it has to win over the inline styles. */
const STYLE = `<style>:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){.paper{background:#15121F!important}.card{background:#1E1A2B!important;border-color:#332D45!important}
.ink{color:#F4F1FA!important}.soft{color:#B3ABC8!important}.brand{color:#A892FF!important}.date{background:#2B2348!important;color:#F4F1FA!important;border-right-color:#15121F!important}
.sunken{background:#100D18!important;border-color:#332D45!important}.button{background:#A892FF!important}.label{color:#15121F!important}}</style>`

function table(attributes: string, rows: string): string {
  return `<table role="presentation" cellpadding="0" cellspacing="0" border="0" ${attributes}>${rows}</table>`
}

function row(style: string, content: string): string {
  return `<tr><td style="${style}">${content}</td></tr>`
}

function paragraph(line: string, style = ''): string {
  return `<p class="ink" style="margin:0 0 14px;color:#1B1530;font-size:16px;line-height:1.5;${style}">${escapeHtml(line)}</p>`
}

function ticketBox({ day, month, date, hours, what, zone, over }: MailTicket): string {
  const struck = over ? 'text-decoration:line-through;' : ''
  const stub = over ? 'background:#E4E0D5;color:#1B1530' : 'background:#5636D9;color:#FFFFFF'
  const small = (text: string) =>
    `<div class="soft" style="color:#5D5672;font-size:14px;line-height:1.4;margin-top:2px">${escapeHtml(text)}</div>`
  return table(
    'class="sunken" width="100%" style="background:#F4F1E8;border:1px solid #E4E0D5;border-radius:12px;border-collapse:separate;margin:0 0 18px"',
    `<tr><td class="date" align="center" width="84" style="${stub};border-radius:11px 0 0 11px;padding:14px 8px;border-right:2px dashed #FBFAF6">` +
      `<div style="font-size:34px;line-height:1;font-weight:800">${escapeHtml(day)}</div><div style="font-size:14px;margin-top:4px">${escapeHtml(month)}</div></td>` +
      `<td style="padding:14px 16px"><div class="ink" style="color:#1B1530;font-size:17px;line-height:1.35;font-weight:700;${struck}">${escapeHtml(date)}<br>${escapeHtml(hours)}</div>` +
      `${over ? small(over) : ''}${small(what)}${small(zone)}</td></tr>`,
  )
}

function codeBox({ label, value, hint }: { label: string; value: string; hint: string }): string {
  return table(
    'class="sunken" width="100%" style="background:#F4F1E8;border:1px solid #E4E0D5;border-radius:12px;border-collapse:separate;margin:4px 0 18px"',
    row(
      'padding:14px 16px',
      `<div class="soft" style="color:#5D5672;font-size:14px">${escapeHtml(label)}</div>` +
        `<div class="ink" style="color:#1B1530;font-family:Consolas,Menlo,monospace;font-size:26px;line-height:1.4;font-weight:700;letter-spacing:3px">${escapeHtml(value)}</div>` +
        `<div class="soft" style="color:#5D5672;font-size:14px;line-height:1.4">${escapeHtml(hint)}</div>`,
    ),
  )
}

function button({ label, url }: { label: string; url: string }): string {
  return table(
    'style="margin:22px 0 4px;border-collapse:separate"',
    `<tr><td class="button" bgcolor="#5636D9" style="background:#5636D9;border-radius:10px"><a class="label" href="${escapeHtml(url)}" style="display:inline-block;padding:13px 22px;color:#FFFFFF;font-size:16px;font-weight:700;text-decoration:none">${escapeHtml(label)}</a></td></tr>`,
  )
}

function footer(why: string, links: readonly { label: string; url: string }[]): string {
  const line = (content: string) => `<p class="soft" style="margin:0 0 8px;color:#5D5672;font-size:13px;line-height:1.5">${content}</p>`
  const anchors = links.map(({ label, url }) => `<a class="soft" href="${escapeHtml(url)}" style="color:#5D5672">${escapeHtml(label)}</a>`)
  return line(escapeHtml(why)) + (anchors.length > 0 ? line(anchors.join(' · ')) : '')
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
