import { type Centavos, formatMoney } from '../../kernel/money.ts'
import { CLASS_TYPE, type ClassType } from '../text.es.ts'
import { peopleWords } from './people.ts'

/** One line of the tariff: the total of a class for `people`, host included. */
export type Price = { type: ClassType; people: number; total: Centavos }

export function perPerson(price: Price): Centavos {
  return price.total / price.people
}

/** Total and per person for every size of class. */
export function PriceTable({ prices, caption }: { prices: readonly Price[]; caption: string }) {
  return (
    <table class="price-table">
      <caption class="sr-only">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Clase</th>
          <th scope="col">Total</th>
          <th scope="col">Por persona</th>
        </tr>
      </thead>
      <tbody>
        {prices.map((price) => (
          <tr>
            <th scope="row">
              {CLASS_TYPE[price.type]}
              <span class="price-people">{peopleWords(price.people)}</span>
            </th>
            <td>
              <strong>{formatMoney(price.total)}</strong>
            </td>
            <td>{formatMoney(perPerson(price))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
