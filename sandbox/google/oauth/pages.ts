import { html } from 'hono/html'
import { type Html, page } from '../../kernel/page.ts'
import type { Account } from '../world.ts'
import type { AuthorizationRequest } from './model.ts'
import { isIdentityScope, scopeText } from './scopes.ts'

/** "Elegí una cuenta": one button per account, and a form for an address that is not listed. Both post `request` and `email`. */
export function chooserPage(request: AuthorizationRequest, accounts: Account[]): Html {
  return page(
    'Acceder con Google (sandbox)',
    html`<p class="soft">Google de prueba</p>
<h1>Elegí una cuenta</h1>
<p>para ir a <strong>HablaInglesYa</strong></p>
<form method="post" action="/signin/account">
<input type="hidden" name="request" value="${request.id}">
${accounts.map(
  (account) => html`<button class="row" name="email" value="${account.email}"><strong>${account.name}</strong><br>
<span class="soft">${account.email}${account.role === 'admin' ? ' · profesora' : ''}${account.emailVerified ? '' : ' · correo sin verificar'}</span></button>`,
)}
</form>
<h2>Usar otra cuenta</h2>
<form method="post" action="/signin/account">
<input type="hidden" name="request" value="${request.id}">
<label for="email">Correo electrónico</label>
<input id="email" type="email" name="email" required maxlength="254" autocomplete="off" value="${request.loginHint ?? ''}">
<label for="name">Nombre (opcional)</label>
<input id="name" type="text" name="name" maxlength="100" autocomplete="off">
<label class="tick"><input type="checkbox" name="unverified" value="1"> <span>El correo no está verificado</span></label>
<div class="buttons"><button class="main">Siguiente</button></div>
</form>`,
    { narrow: true },
  )
}

/** The consent page: identity scopes are listed, every other scope has a tick. Posts `request`, `scope`… and `decision`. */
export function consentPage(request: AuthorizationRequest, account: Account): Html {
  const identity = request.scopes.filter(isIdentityScope)
  const sensitive = request.scopes.filter((scope) => !isIdentityScope(scope))
  return page(
    'Permisos para HablaInglesYa (sandbox)',
    html`<p class="soft">${account.email}</p>
<h1>HablaInglesYa quiere acceder a tu cuenta de Google</h1>
${sensitive.length > 0 ? html`<p class="note">Google no verificó esta aplicación. Seguí solo si la conocés.</p>` : ''}
<form method="post" action="/signin/consent">
<input type="hidden" name="request" value="${request.id}">
${identity.length > 0 ? html`<h2>Tu identidad</h2><ul>${identity.map((scope) => html`<li>${scopeText(scope)}</li>`)}</ul>` : ''}
${
  sensitive.length > 0
    ? html`<fieldset><legend>Elegí a qué puede acceder</legend>
${sensitive.map((scope) => html`<label class="tick"><input type="checkbox" name="scope" value="${scope}" checked> <span>${scopeText(scope)}</span></label>`)}
</fieldset>`
    : ''
}
${request.offline ? html`<p class="soft">La aplicación podrá usar estos permisos también cuando no estés conectado.</p>` : ''}
<div class="buttons">
<button class="main" name="decision" value="allow">Continuar</button>
<button name="decision" value="deny">Cancelar</button>
</div>
</form>`,
    { narrow: true },
  )
}

/** What Google shows instead of redirecting when the request itself is wrong. */
export function errorPage(status: number, code: string, explanation: string): Html {
  return page(
    `Error ${status}: ${code}`,
    html`<p class="soft">Google de prueba</p>
<h1>Acceso bloqueado: la solicitud no es válida</h1>
<p>${explanation}</p>
<p><strong>Error ${status}: ${code}</strong></p>`,
    { narrow: true },
  )
}
