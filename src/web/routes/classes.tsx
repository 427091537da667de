import type { Hono } from 'hono'
import { CANCEL_STATUS, CANCEL_TEXT, cancelClass } from '../../features/booking/cancel.ts'
import { openBookings } from '../../features/booking/own.ts'
import { AccessCode, joinByCode } from '../../features/enrollment/commands.ts'
import { JOIN_STATUS, type JoinRefusal } from '../../features/enrollment/rules.ts'
import * as en from '../../features/enrollment/text.en.ts'
import * as es from '../../features/enrollment/text.es.ts'
import { nextOf, upcomingClasses } from '../../features/virtual-class/queries.ts'
import type { AppContext, AppEnv, ErrorStatus } from '../../http/context.ts'
import { addressKey } from '../../http/middleware/address.ts'
import { datesIn } from '../../kernel/dates.ts'
import { isUuid } from '../../kernel/ids.ts'
import { textIn } from '../../kernel/locale.ts'
import { parseInstant, wallTime } from '../../kernel/zoned-time.ts'
import type { CodeFormView } from '../pages/my-classes/code-form.tsx'
import { MyClassesPage } from '../pages/my-classes/my-classes.tsx'
import * as pageEn from '../pages/my-classes/text.en.ts'
import * as pageEs from '../pages/my-classes/text.es.ts'
import { chromeOf, errorPage, field, readForm, render, type SiteOptions } from '../site.tsx'
import type { Notice } from '../ui/chrome.ts'
import { viewerOf } from './guard.ts'
import { classCard, openBookingView } from './views.ts'

/** A person's own classes: all of them, joining, cancelling. */
export function mountClasses(app: Hono<AppEnv>, site: SiteOptions): void {
  app.get('/inicio/mis-clases-virtuales', (c) => showMyClasses(c, site))
  app.post('/inicio/mis-clases-virtuales/unirme', (c) => joinWithCode(c, site))
  app.post('/inicio/clases/:id/cancelar', (c) => cancel(c, site))
}

/** What was done right before, told by the address that led here. */
function doneNotice(c: AppContext): Notice | null {
  const { DONE } = textIn(c.get('locale'), { es: pageEs, en: pageEn })
  const ok = (text: string): Notice => ({ kind: 'ok', text })
  const { cancelada, reprogramada, lugar, codigo, salio } = c.req.query()
  if (reprogramada) {
    const start = parseInstant(reprogramada)
    const { longDate } = datesIn(c.get('locale'))
    return ok(start ? `${DONE.rescheduled} ${DONE.nowOn(longDate(start), wallTime(start))}` : DONE.rescheduled)
  }
  if (cancelada === 'paga') return { kind: 'info', text: DONE.paidMeanwhile }
  if (cancelada === 'sin-plazo') return { kind: 'info', text: DONE.refundLapsed }
  if (cancelada === 'full' || cancelada === 'none') return ok(DONE.cancelled[cancelada])
  if (lugar) return ok(lugar === 'codigo' ? DONE.releasedWithCode : DONE.released)
  if (codigo) return ok(DONE.rotated)
  return salio ? ok(DONE.left) : null
}

/** Every refusal in the words of the page, where it reads in another language than the API. */
function refusalWords(c: AppContext): Record<string, string> | undefined {
  if (c.get('locale') === 'es') return undefined
  const { joinText } = textIn(c.get('locale'), { es, en })
  const values = { code: '{CODE}', leadMinutes: c.get('deps').config.joinLeadMinutes }
  return Object.fromEntries((Object.keys(JOIN_STATUS) as JoinRefusal[]).map((reason) => [reason, joinText(reason, values)]))
}

/** The code of an invitation only fills the field: whoever got it decides. */
function invitedCode(c: AppContext): string {
  const code = AccessCode.safeParse(c.req.query('invitacion'))
  return code.success ? code.data : ''
}

async function showMyClasses(
  c: AppContext,
  site: SiteOptions,
  codeForm: CodeFormView = { value: invitedCode(c), error: null, enterHref: null },
  status: 200 | ErrorStatus = 200,
): Promise<Response> {
  const { db, clock, config } = c.get('deps')
  const viewer = viewerOf(c)
  const now = clock.now()
  const refusals = refusalWords(c)
  const [rows, open] = await Promise.all([upcomingClasses(db.handle, viewer.id, now), openBookings(db.handle, viewer.id, now)])
  return render(
    c,
    <MyClassesPage
      chrome={await chromeOf(c, site, doneNotice(c), nextOf(rows))}
      classes={rows.map((row) => classCard(row, config, now))}
      open={open.map(openBookingView)}
      codeForm={refusals === undefined ? codeForm : { ...codeForm, refusals }}
      joinLeadMinutes={config.joinLeadMinutes}
      refundUntilHours={config.fullRefundHours}
      origin={config.baseUrl}
    />,
    status,
  )
}

/** The code form without script: the refusal under the field, or straight into the class. */
async function joinWithCode(c: AppContext, site: SiteOptions): Promise<Response> {
  const deps = c.get('deps')
  const typed = field(await readForm(c), 'code')
  const code = AccessCode.safeParse(typed.replace(/\s+/g, ''))
  const joined = code.success
    ? await joinByCode(deps, viewerOf(c).id, code.data, addressKey(c))
    : ({ ok: false, reason: 'bad-code' } as const)
  if (joined.ok) return c.redirect(`/api/classes/${joined.value.id}/join`, 303)
  const error = textIn(c.get('locale'), { es, en }).joinText(joined.reason, {
    code: code.success ? code.data : '',
    leadMinutes: deps.config.joinLeadMinutes,
  })
  const startsAt = 'detail' in joined ? joined.detail?.startsAt : undefined
  const form = { value: typed.slice(0, 24), error, enterHref: null, ...(startsAt && { startsAt }) }
  return showMyClasses(c, site, form, JOIN_STATUS[joined.reason])
}

async function cancel(c: AppContext, site: SiteOptions): Promise<Response> {
  const id = c.req.param('id') ?? ''
  const form = await readForm(c)
  const holdOnly = field(form, 'hold') === '1'
  const withRefund = field(form, 'reembolso') === 'full'
  const cancelled = isUuid(id)
    ? await cancelClass(c.get('deps'), viewerOf(c), id, '', { holdOnly, withRefund })
    : ({ ok: false, reason: 'unknown-class' } as const)
  if (!cancelled.ok && cancelled.reason === 'refund-lapsed') return c.redirect('/inicio/mis-clases-virtuales?cancelada=sin-plazo', 303)
  if (!cancelled.ok && cancelled.reason === 'already-paid') return c.redirect('/inicio/mis-clases-virtuales?cancelada=paga', 303)
  if (!cancelled.ok) return errorPage(c, site, CANCEL_STATUS[cancelled.reason], CANCEL_TEXT[cancelled.reason])
  if (cancelled.value.wasHold) return c.redirect('/inicio/reservas?liberado=1', 303)
  return c.redirect(`/inicio/mis-clases-virtuales?cancelada=${cancelled.value.refund}`, 303)
}
