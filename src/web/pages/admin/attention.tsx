import { formatMoney } from '../../../kernel/money.ts'
import { formatDate, wallTime } from '../../../kernel/zoned-time.ts'
import { ATTENTION } from '../../text.es.ts'
import { durationWords } from '../../ui/duration.ts'
import { Icon } from '../../ui/icons.tsx'
import { Pages } from '../../ui/pages.tsx'
import type { AttentionAction, AttentionItem, AttentionList } from './view.ts'

/** "Necesita atención": always first, also when there is nothing, so that calm is something one can see. */
export function Attention({ list, now }: { list: AttentionList; now: Date }) {
  return (
    <section class={list.total === 0 ? 'attention attention-calm' : 'attention'} aria-labelledby="atencion">
      <h2 id="atencion">
        <Icon name={list.total === 0 ? 'check-circle' : 'alert'} />
        Necesita atención <span class="count tabular">{list.total}</span>
      </h2>
      {list.total === 0 ? (
        <p class="soft">Nada por ahora. Los pagos y el calendario están al día.</p>
      ) : (
        <ul>
          {list.items.map((item) => (
            <Item item={item} now={now} />
          ))}
        </ul>
      )}
      <Pages page={list.page} pagesTotal={list.pagesTotal} hrefOf={(page) => (page === 1 ? '/admin' : `/admin?casos=${page}`)} />
    </section>
  )
}

function Item({ item, now }: { item: AttentionItem; now: Date }) {
  const { title, hint } = ATTENTION[item.reason]
  return (
    <li>
      <div class="attention-words">
        <h3>{title}</h3>
        <p>{item.subject}</p>
        <p class="soft">
          {hint}{' '}
          <span class="tabular" title={`${formatDate(item.since)} ${wallTime(item.since)}`}>
            Hace {durationWords(now.getTime() - item.since.getTime())}.
          </span>
        </p>
        {item.detail === '' ? null : <p class="soft attention-detail">{item.detail}</p>}
      </div>
      <div class="attention-actions">
        {item.actions.map((action) => (
          <Action action={action} />
        ))}
      </div>
    </li>
  )
}

function Action({ action }: { action: AttentionAction }) {
  switch (action.kind) {
    case 'retry':
      return <Retry action={`/admin/clases/${encodeURIComponent(action.classId)}/reintentar`} />
    case 'retry-case':
      return <Retry action={`/admin/casos/${encodeURIComponent(action.caseId)}/reintentar`} />
    case 'refund':
      return (
        <details class="confirm">
          <summary class="btn btn-danger">Reembolsar</summary>
          <form method="post" action={`/admin/pagos/${encodeURIComponent(action.paymentId)}/reembolsar`} class="confirm-panel" data-once>
            <p>
              Se devuelven {formatMoney(action.amount)}.{action.cancels ? ' La clase se cancela.' : ''}
            </p>
            <button type="submit" class="btn btn-danger">
              Sí, reembolsar
            </button>
          </form>
        </details>
      )
    case 'resolve':
      return (
        <form method="post" action={`/admin/casos/${encodeURIComponent(action.caseId)}/resolver`} data-once>
          <button type="submit" class="btn btn-quiet">
            Resolver
          </button>
        </form>
      )
  }
}

function Retry({ action }: { action: string }) {
  return (
    <form method="post" action={action} data-once>
      <button type="submit" class="btn btn-primary">
        Reintentar
      </button>
    </form>
  )
}
