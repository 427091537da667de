import type { Hono } from 'hono'
import { makeStatement, type StatementState } from '../../features/statement/make.ts'
import { recentStatements } from '../../features/statement/queries.ts'
import type { AppContext, AppEnv } from '../../http/context.ts'
import { isWallDate } from '../../kernel/zoned-time.ts'
import { StatementsPage } from '../pages/admin/statements.tsx'
import { chromeOf, errorPage, render, type SiteOptions } from '../site.tsx'
import type { Notice } from '../ui/chrome.ts'

/** The nightly statements, and making one again. */
export function mountAdminStatements(app: Hono<AppEnv>, site: SiteOptions): void {
  app.get('/admin/cierres', (c) => showStatements(c, site))
  app.post('/admin/cierres/:day/rehacer', (c) => remake(c, site))
}

const REMADE: Record<StatementState, Notice> = {
  balanced: { kind: 'ok', text: 'El cierre se hizo de nuevo: ahora todo coincide.' },
  curing: { kind: 'ok', text: 'El cierre se hizo de nuevo. Las diferencias se están revisando con Mercado Pago.' },
  differs: { kind: 'error', text: 'El cierre se hizo de nuevo y todavía hay diferencias.' },
  unread: { kind: 'error', text: 'Mercado Pago no respondió. Se va a reintentar.' },
}

async function showStatements(c: AppContext, site: SiteOptions): Promise<Response> {
  const rows = await recentStatements(c.get('deps'))
  const outcome = c.req.query('ok') ?? ''
  return render(
    c,
    <StatementsPage
      chrome={await chromeOf(c, site, Object.hasOwn(REMADE, outcome) ? REMADE[outcome as StatementState] : null)}
      days={rows.map((row) => ({
        day: row.day,
        state: row.state,
        payments: row.payments,
        approved: row.approvedCentavos,
        classes: row.classesCentavos,
        credits: row.creditsCentavos,
        refunds: row.refundsCentavos,
        cases: row.casesCentavos,
        unaccounted: row.unaccountedCentavos,
        providerApproved: row.providerApprovedCentavos,
        differences: row.differences.map(({ paymentId, detail }) => `Pago ${paymentId}: ${detail}`),
        madeAt: row.madeAt,
      }))}
    />,
  )
}

/** Only a day that has a statement: the others are made in their order. */
async function remake(c: AppContext, site: SiteOptions): Promise<Response> {
  const deps = c.get('deps')
  const day = c.req.param('day') ?? ''
  const known = isWallDate(day) && (await recentStatements(deps)).some((row) => row.day === day)
  if (!known) return errorPage(c, site, 404)
  return c.redirect(`/admin/cierres?ok=${await makeStatement(deps, day)}`, 303)
}
