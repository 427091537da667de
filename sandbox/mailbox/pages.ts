import { html } from 'hono/html'
import { type Html, page } from '../kernel/page.ts'
import type { Mail } from './mail.ts'

export function mailsPage(mails: Mail[], to: string | undefined): Html {
  return page(
    'Buzón (sandbox)',
    html`<p><a href="/">Sandbox</a></p>
<h1>Buzón</h1>
<form method="get" action="/mailbox"><label for="to">Destinatario</label><input id="to" type="email" name="to" value="${to ?? ''}">
<div class="buttons"><button>Filtrar</button></div></form>
${
  mails.length === 0
    ? html`<p>No hay correos${to ? ` para ${to}` : ''}.</p>`
    : html`<div class="scroll"><table><thead><tr><th scope="col">Asunto</th><th scope="col">Para</th><th scope="col">Recibido</th></tr></thead>
<tbody>${mails.map(
        (mail) =>
          html`<tr><td><a href="/mailbox/${mail.id}">${mail.subject || '(sin asunto)'}</a></td><td>${mail.envelope.to.join(', ')}</td><td>${local(mail.receivedAt)}</td></tr>`,
      )}</tbody></table></div>`
}`,
  )
}

export function mailPage(mail: Mail): Html {
  return page(
    mail.subject || '(sin asunto)',
    html`<p><a href="/mailbox">Buzón</a></p>
<h1>${mail.subject || '(sin asunto)'}</h1>
<table><tbody>
<tr><th scope="row">De</th><td>${mail.from}</td></tr>
<tr><th scope="row">Para</th><td>${mail.envelope.to.join(', ')}</td></tr>
<tr><th scope="row">Recibido</th><td>${local(mail.receivedAt)}</td></tr>
</tbody></table>
${
  mail.attachments.length > 0
    ? html`<h2>Adjuntos</h2><ul>${mail.attachments.map(
        (attachment, index) =>
          html`<li><a href="/mailbox/${mail.id}/attachments/${index}">${attachment.filename}</a> (${attachment.mimeType}, ${attachment.bytes} bytes)</li>`,
      )}</ul>`
    : ''
}
${mail.html ? html`<h2>Mensaje</h2><iframe title="Contenido del correo" sandbox="allow-popups allow-popups-to-escape-sandbox" src="/mailbox/${mail.id}/html"></iframe>` : ''}
${mail.text ? html`<h2>Texto</h2><pre>${mail.text}</pre>` : ''}
<h2>Encabezados</h2><pre>${mail.headers.map((header) => `${header.name}: ${header.value}`).join('\n')}</pre>`,
  )
}

/** The mail's own HTML, without scripts and without loading anything from outside. Links open in a new tab. */
export function htmlResponse(mail: Mail): Response {
  // Nothing may stand before a document type, or the browser no longer takes it for one.
  const head = mail.html.match(/<head[^>]*>/i)?.[0] ?? ''
  return new Response(
    mail.html.replace(head, () => `${head}<base target="_blank">`),
    {
      headers: {
        'content-type': 'text/html; charset=UTF-8',
        'content-security-policy':
          "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'",
        'x-content-type-options': 'nosniff',
      },
    },
  )
}

export function attachmentResponse(mail: Mail, index: number): Response {
  const attachment = mail.attachments[index]
  if (!attachment) return new Response('There is no such attachment.', { status: 404 })
  return new Response(Buffer.from(attachment.contentBase64, 'base64'), {
    headers: {
      'content-type': attachment.mimeType,
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(attachment.filename)}`,
      'content-security-policy': 'sandbox',
      'x-content-type-options': 'nosniff',
    },
  })
}

function local(instant: string): string {
  return new Date(instant).toLocaleString('es-AR', { timeZone: 'America/Argentina/Buenos_Aires', hourCycle: 'h23' })
}
