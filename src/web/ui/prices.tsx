import { type Centavos, formatMoney } from '../../kernel/money.ts'
import type { ClassType } from '../text.es.ts'
import { useLocale, useSharedText, useText } from './language.ts'
import { peopleWords } from './people.ts'
import * as en from './text.en.ts'
import * as es from './text.es.ts'

/** One line of the tariff: the total of a class for `people`, host included. */
export type Price = { type: ClassType; people: number; total: Centavos }

export function perPerson(price: Price): Centavos {
  return price.total / price.people
}

/** Total and per person for every size of class. */
export function PriceTable({ prices, caption }: { prices: readonly Price[]; caption: string }) {
  const locale = useLocale()
  const { CLASS_TYPE } = useSharedText()
  const words = useText({ es, en }).PARTS.prices
  return (
    <table class="price-table">
      <caption class="sr-only">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{words.type}</th>
          <th scope="col">{words.total}</th>
          <th scope="col">{words.perPerson}</th>
        </tr>
      </thead>
      <tbody>
        {prices.map((price) => (
          <tr>
            <th scope="row">
              {CLASS_TYPE[price.type]}
              <span class="price-people">{peopleWords(price.people, locale)}</span>
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
