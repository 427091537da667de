import { html } from 'hono/html'
import { type Html, page } from '../kernel/page.ts'
import type { LoggedRequest } from '../kernel/request-log.ts'

/** Addresses, settings for the application and accounts; also answered as JSON at `/__control/info`. */
export interface SandboxInfo {
  appUrl: string
  urls: { hub: string; google: string; mercadoPago: string; checkoutOrigin: string; smtp: string }
  settings: Record<string, string>
  accounts: { email: string; name: string; sub: string; role: 'admin' | 'student' }[]
}

/** What the sandbox offers, on one page. */
export function indexPage({ appUrl, urls, accounts }: SandboxInfo, present: { now: Date; offsetMs: number; mails: number }): Html {
  const { now, offsetMs, mails } = present
  return page(
    'Sandbox de HablaInglesYa',
    html`<h1>Sandbox de HablaInglesYa</h1>
<p>Google, Mercado Pago y el correo de prueba. Nada sale de esta computadora.</p>
<p class="soft">Reloj: ${now.toLocaleString('es-AR', { timeZone: 'America/Argentina/Buenos_Aires', hourCycle: 'h23', dateStyle: 'full', timeStyle: 'medium' })}
${offsetMs === 0 ? '' : ` (corrido ${Math.round(offsetMs / 60_000)} minutos)`}</p>
<ul>
<li><a href="${appUrl}">La aplicación</a></li>
<li><a href="/mailbox">Buzón</a> (${mails} correos, SMTP en ${urls.smtp})</li>
<li><a href="/log">Pedidos recibidos</a></li>
<li><a href="${urls.google}/calendar/agenda?calendar=${encodeURIComponent(accounts.find((account) => account.role === 'admin')?.email ?? '')}">Calendario de la profesora</a></li>
<li>Mercado Pago: <a href="/__control/mercado-pago/preferences">preferencias</a>, <a href="/__control/mercado-pago/payments">pagos</a>,
<a href="/__control/mercado-pago/notifications">notificaciones</a></li>
</ul>
<h2>Cuentas de Google</h2>
<div class="scroll"><table><thead><tr><th scope="col">Nombre</th><th scope="col">Correo</th><th scope="col">Rol</th></tr></thead>
<tbody>${accounts.map((account) => html`<tr><td>${account.name}</td><td>${account.email}</td><td>${account.role === 'admin' ? 'Profesora' : 'Estudiante'}</td></tr>`)}</tbody></table></div>
<h2>Direcciones</h2>
<ul>
<li>Google: <code>${urls.google}</code></li>
<li>Mercado Pago: <code>${urls.mercadoPago}</code></li>
<li>Control: <code>${urls.hub}/__control/</code> (<a href="/__control/info">variables</a>, <a href="/__control/state">estado</a>, <a href="/__control/clock">reloj</a>, <a href="/__control/google/invitations">invitaciones</a>)</li>
</ul>`,
  )
}

export function logPage(entries: LoggedRequest[]): Html {
  return page(
    'Pedidos recibidos (sandbox)',
    html`<p><a href="/">Sandbox</a></p>
<h1>Pedidos recibidos</h1>
${
  entries.length === 0
    ? html`<p>Todavía no hay pedidos.</p>`
    : html`<div class="scroll"><table>
<thead><tr><th scope="col">Hora</th><th scope="col">Parte</th><th scope="col">Pedido</th><th scope="col">Estado</th></tr></thead>
<tbody>${entries.map(
        (entry) => html`<tr><td>${entry.at}</td><td>${entry.part}</td>
<td>${entry.method} ${entry.path}${entry.body ? html`<details><summary>Cuerpo</summary><pre>${entry.body}</pre></details>` : ''}</td>
<td>${entry.status === 0 ? 'cortado' : entry.status}${entry.fault ? ` (${entry.fault})` : ''}</td></tr>`,
      )}</tbody></table></div>`
}`,
  )
}
