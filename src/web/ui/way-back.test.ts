import { expect, it } from 'vitest'
import { readWayBack, wayBackHref, wayBackQuery } from './way-back.ts'

const written = (query: string) => new URLSearchParams(query).get('volver') ?? undefined

it('the way back to a list is its name and its page, and leads to that page of it', () => {
  for (const [list, page, href] of [
    ['cancelled', 1, '/admin?status=cancelled'],
    ['all', 3, '/admin?status=all&page=3'],
    ['profe', 1, '/profe'],
  ] as const) {
    const back = readWayBack(written(wayBackQuery({ list, page })), 'admin')
    expect(back).toEqual({ list, page })
    expect(back && wayBackHref(back)).toBe(href)
  }
  expect(wayBackHref({ list: 'facturacion', page: 2 })).toBe('/inicio/facturacion?page=2')
  expect(wayBackQuery(null)).toBe('')
})

it('nobody is led anywhere but to a list of the area', () => {
  for (const text of [
    '',
    'elsewhere',
    'https://example.com',
    '//example.com',
    '/admin',
    'cancelled.0',
    'cancelled.',
    'all.99999999',
    'constructor',
  ])
    expect(readWayBack(text, 'admin'), text).toBeNull()
  expect(readWayBack(undefined, 'admin')).toBeNull()
  expect(readWayBack('facturacion', 'admin')).toBeNull()
  for (const text of ['profe', 'cancelled']) expect(readWayBack(text, 'inicio')).toBeNull()
})
