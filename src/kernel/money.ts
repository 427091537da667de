/** Money is a whole number of centavos; every amount of this product is in Argentine pesos. */
export type Centavos = number
export const CURRENCY = 'ARS'

export function fromPesos(pesos: number): Centavos {
  return Math.round(pesos * 100)
}

export function toPesos(centavos: Centavos): number {
  return centavos / 100
}

const whole = new Intl.NumberFormat('es-AR', { maximumFractionDigits: 0, useGrouping: 'always' })
const exact = new Intl.NumberFormat('es-AR', { minimumFractionDigits: 2, useGrouping: 'always' })

/** "$15.000": Argentine thousands point, decimals only when there are centavos (behaviour 4.21). */
export function formatMoney(centavos: Centavos): string {
  return `$${centavos % 100 === 0 ? whole.format(centavos / 100) : exact.format(centavos / 100)}`
}
