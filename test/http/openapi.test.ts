import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { json, slot } from '../support/booking.ts'
import { classFor, freshSlots, newcomer } from '../support/scene.ts'
import { BASE_URL, openWorld, type World } from '../support/world.ts'

interface Schema extends Record<string, unknown> {
  $ref?: string
}
interface Operation {
  summary: string
  security?: Record<string, string[]>[]
  parameters?: { name: string; in: string; required: boolean; schema: Schema }[]
  requestBody?: { content: Record<string, { schema: Schema }> }
  responses: Record<string, { description: string; content?: Record<string, { schema: Schema }> }>
}
interface Document {
  openapi: string
  info: { title: string; version: string }
  servers: { url: string }[]
  components: {
    securitySchemes: Record<string, Record<string, string>>
    schemas: Record<string, Schema>
    responses: Operation['responses']
  }
  paths: Record<string, Record<string, Operation>>
}

/** With the answers that many endpoints share in the place of what refers to them; a reference that leads nowhere is left as it is. */
function resolved(document: Document): Document {
  const { responses } = document.components
  for (const item of Object.values(document.paths))
    for (const operation of Object.values(item))
      for (const [status, { $ref }] of Object.entries(operation.responses) as [string, { $ref?: string }][]) {
        const shared = responses[$ref?.replace('#/components/responses/', '') ?? '']
        if (shared) operation.responses[status] = shared
      }
  return document
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete']
const slotOf = freshSlots()

describe('GET /api/openapi.json', () => {
  let world: World
  let document: Document
  beforeAll(async () => {
    world = await openWorld()
    document = resolved((await json(world.anonymous.get('/api/openapi.json'))) as unknown as Document)
  })
  afterAll(() => world.close())

  function operations(): { path: string; method: string; operation: Operation }[] {
    return Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
    )
  }

  /** Every schema of the document, wherever it stands. */
  function schemas(): Schema[] {
    return operations().flatMap(({ operation }) => [
      ...(operation.parameters ?? []).map(({ schema }) => schema),
      ...Object.values(operation.requestBody?.content ?? {}).map(({ schema }) => schema),
      ...Object.values(operation.responses).flatMap(({ content }) => Object.values(content ?? {}).map(({ schema }) => schema)),
    ])
  }

  it('is an OpenAPI 3.1 document: everything the standard requires is there', () => {
    expect(document.openapi).toBe('3.1.0')
    expect(document.info).toMatchObject({ title: expect.any(String), version: expect.any(String) })
    expect(document.servers).toEqual([{ url: BASE_URL }])
    for (const { path, method, operation } of operations()) {
      const name = `${method} ${path}`
      expect(path, name).toMatch(/^\/[\w/{}.-]+$/)
      expect(METHODS, name).toContain(method)
      expect(operation.summary.length, name).toBeGreaterThan(3)
      expect(Object.keys(operation.responses).length, name).toBeGreaterThan(0)
      for (const [status, response] of Object.entries(operation.responses)) {
        expect(status, name).toMatch(/^[1-5]\d\d$/)
        expect(response.description.length, name).toBeGreaterThan(0)
      }
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
      const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path')
      expect(
        declared.map((parameter) => parameter.name),
        name,
      ).toEqual(inPath)
      expect(
        declared.every((parameter) => parameter.required),
        name,
      ).toBe(true)
      const names = (operation.parameters ?? []).map((parameter) => `${parameter.in} ${parameter.name}`)
      expect(new Set(names).size, name).toBe(names.length)
      expect(method === 'get' && operation.requestBody, name).toBeFalsy()
      for (const scheme of (operation.security ?? []).flatMap(Object.keys))
        expect(document.components.securitySchemes, name).toHaveProperty(scheme)
    }
  })

  it('every schema is one that can be read back; every reference leads somewhere', () => {
    for (const schema of schemas()) {
      if (schema.$ref) expect(document.components.schemas).toHaveProperty(schema.$ref.replace('#/components/schemas/', ''))
      else expect(() => z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0])).not.toThrow()
    }
  })

  it('lists every endpoint that is mounted, and none besides', () => {
    const described = operations().map(({ path, method }) => `${method.toUpperCase()} ${path}`)
    const mounted = world.app.routes
      .filter(({ method, path }) => method !== 'ALL' && (path.startsWith('/api/') || path === '/healthz') && path !== '/api/docs')
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)
    expect(described.sort()).toEqual([...new Set(mounted)].sort())
    expect(described.length).toBe(new Set(described).size)
  })

  it('says of each whether it needs a login, and that is how it behaves', async () => {
    for (const { path, method, operation } of operations()) {
      const answer = await world.anonymous.send(
        method.toUpperCase(),
        path.replace('{id}', crypto.randomUUID()).replace('{preferenceId}', 'x'),
        method === 'get' ? undefined : {},
      )
      expect(answer.status === 401, `${method} ${path}`).toBe(operation.security !== undefined && !path.includes('webhook'))
      if (operation.security) expect(Object.keys(operation.responses), `${method} ${path}`).toContain('401')
    }
  })

  it('the session cookie is the one that is set', () => {
    expect(document.components.securitySchemes.session).toEqual({ type: 'apiKey', in: 'cookie', name: 'hiy-session' })
  })

  it('real answers fit the schemas that are promised', async () => {
    const { host, code, start, classId } = await classFor(world, 3, slotOf())
    const other = await classFor(world, 1, slotOf())
    const admin = await world.admin()
    const guest = await newcomer(world)
    world.clock.set(start)
    const real: [string, string, Response][] = [
      ['post', '/api/access-code', await guest.post('/api/access-code', { accessCode: code })],
      ['post', '/api/access-code', await guest.post('/api/access-code', { accessCode: code })],
      ['post', '/api/access-code', await host.post('/api/access-code', { accessCode: code })],
      ['post', '/api/access-code', await guest.post('/api/access-code', { accessCode: 'NADIE000' })],
      ['get', '/api/calendar', await world.anonymous.get('/api/calendar')],
      ['get', '/api/upcoming-classes', await world.anonymous.get('/api/upcoming-classes')],
      ['get', '/api/availability', await world.anonymous.get('/api/availability')],
      ['get', '/api/availability', await world.anonymous.get('/api/availability?from=x')],
      ['get', '/api/auth/session', await host.get('/api/auth/session')],
      ['get', '/api/auth/session', await world.anonymous.get('/api/auth/session')],
      ['get', '/api/admin/schedule', await (await world.admin()).get('/api/admin/schedule')],
      ['post', '/api/calendar', await (await world.admin()).post('/api/calendar', {})],
      ['post', '/api/classes/{id}/reschedule', await admin.post(`/api/classes/${other.classId}/reschedule`, slot('2026-12-01', '10:00'))],
      ['post', '/api/classes/{id}/reschedule', await host.post(`/api/classes/${classId}/reschedule`, {})],
      ['post', '/api/classes/{id}/cancel', await host.post(`/api/classes/${classId}/cancel`)],
      ['post', '/api/classes/{id}/cancel', await world.anonymous.post(`/api/classes/${classId}/cancel`)],
    ]
    for (const [method, path, answer] of real) {
      const name = `${method} ${path} ${answer.status}`
      const promised = document.paths[path]?.[method]?.responses[answer.status]?.content?.['application/json']?.schema
      expect(promised, name).toBeDefined()
      const schema = promised?.$ref ? document.components.schemas.Error : promised
      const parsed = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(await answer.json())
      expect(parsed.error, name).toBeUndefined()
    }
  })

  it('the readable page names every endpoint', async () => {
    const page = await (await world.anonymous.get('/api/docs')).text()
    for (const { path } of operations()) expect(page).toContain(path)
  })
})
