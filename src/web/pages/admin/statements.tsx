import { type Centavos, formatMoney } from '../../../kernel/money.ts'
import { formatDate, wallTime } from '../../../kernel/zoned-time.ts'
import type { Chrome } from '../../ui/chrome.ts'
import { Empty } from '../../ui/notice.tsx'
import { AdminDocument } from './admin-document.tsx'

/** The statement of one day, as the teacher reads it. */
export type StatementDay = {
  /** "2026-11-23". */
  day: string
  state: 'balanced' | 'curing' | 'differs' | 'unread'
  payments: number
  approved: Centavos
  classes: Centavos
  credits: Centavos
  refunds: Centavos
  cases: Centavos
  unaccounted: Centavos
  providerApproved: Centavos
  /** Each one sentence. */
  differences: readonly string[]
  madeAt: Date
}

/** View of `/admin/cierres`: the last 30 days, the newest first. */
export type StatementsView = { days: readonly StatementDay[] }

const STATE: Record<StatementDay['state'], { word: string; tone: string }> = {
  balanced: { word: 'Cierra', tone: 'is-good' },
  curing: { word: 'Revisando', tone: 'is-wait' },
  differs: { word: 'No cierra', tone: 'is-bad' },
  unread: { word: 'Sin leer', tone: 'is-wait' },
}

const COLUMNS: readonly { label: string; of: (day: StatementDay) => Centavos }[] = [
  { label: 'Cobrado', of: (day) => day.approved },
  { label: 'Clases', of: (day) => day.classes },
  { label: 'A favor', of: (day) => day.credits },
  { label: 'Devuelto', of: (day) => day.refunds },
  { label: 'En casos', of: (day) => day.cases },
  { label: 'Mercado Pago', of: (day) => day.providerApproved },
]

export function StatementsPage({ chrome, days }: StatementsView & { chrome: Chrome }) {
  return (
    <AdminDocument chrome={chrome} title="Cierres">
      <header>
        <h1>Cierres del día</h1>
        <p class="soft measure">
          Cada madrugada se compara lo cobrado el día anterior con Mercado Pago, peso por peso. Lo cobrado es siempre la suma de clases,
          saldos a favor, devoluciones y casos abiertos.
        </p>
      </header>
      {days.length === 0 ? (
        <Empty title="Todavía no hay cierres.">
          <p class="soft">El primero se hace a las 3 de la mañana.</p>
        </Empty>
      ) : (
        <div class="table-panel">
          <table class="class-table statement-table">
            <thead>
              <tr>
                <th scope="col">Día</th>
                {COLUMNS.map(({ label }) => (
                  <th scope="col">{label}</th>
                ))}
                <th scope="col">Estado</th>
              </tr>
            </thead>
            <tbody>
              {days.map((day) => (
                <Day day={day} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </AdminDocument>
  )
}

function Day({ day }: { day: StatementDay }) {
  const { word, tone } = STATE[day.state]
  return (
    <tr>
      <th scope="row" class="tabular">
        {day.day.split('-').reverse().join('/')}
      </th>
      {COLUMNS.map(({ label, of }) => (
        <td data-label={label} class="tabular statement-sum">
          <span class={of(day) === 0 ? 'soft' : ''}>{day.state === 'unread' ? '—' : formatMoney(of(day))}</span>
        </td>
      ))}
      <td data-label="Estado" class="statement-cell">
        <div class="statement-state">
          <span class={`statement-word ${tone}`}>{word}</span>
          <span class="soft statement-made">
            {madeWords(day)} {formatDate(day.madeAt)} {wallTime(day.madeAt)}
          </span>
          {day.unaccounted === 0 ? null : <span class="statement-word is-bad">Sin destino: {formatMoney(day.unaccounted)}</span>}
          {day.differences.length === 0 ? null : <Differences of={day.differences} />}
          {day.state === 'balanced' ? null : (
            <form method="post" action={`/admin/cierres/${day.day}/rehacer`} data-once>
              <button type="submit" class="btn btn-quiet" aria-label={`Rehacer el cierre del ${day.day.split('-').reverse().join('/')}`}>
                Rehacer
              </button>
            </form>
          )}
        </div>
      </td>
    </tr>
  )
}

function madeWords({ state, payments }: StatementDay): string {
  if (state === 'unread') return 'Se sigue probando. Último intento:'
  return `${payments === 1 ? '1 pago' : `${payments} pagos`}, hecho el`
}

function Differences({ of }: { of: readonly string[] }) {
  return (
    <details>
      <summary>{of.length === 1 ? '1 diferencia' : `${of.length} diferencias`}</summary>
      <ul class="statement-differences">
        {of.map((difference) => (
          <li>{difference}</li>
        ))}
      </ul>
    </details>
  )
}
