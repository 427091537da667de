import type { Chrome } from '../../ui/chrome.ts'
import { AdminDocument } from './admin-document.tsx'
import { Attention } from './attention.tsx'
import type { AttentionList, GoogleState } from './view.ts'

/** `/admin/pagos?casos=`: the payments, orders and classes that a person has to look at, each with its reason and what can be done. */
export function AdminPaymentsPage(props: { chrome: Chrome; attention: AttentionList; google: GoogleState }) {
  return (
    <AdminDocument chrome={props.chrome} title="Pagos">
      <header>
        <h1>Pagos</h1>
        <p class="lead soft">
          Acá está lo que no se resuelve solo. El dinero de cada día se ve en <a href="/admin/cierres">Cierres</a>.
        </p>
      </header>
      <Attention list={props.attention} google={props.google} now={props.chrome.now} path="/admin/pagos" />
    </AdminDocument>
  )
}
