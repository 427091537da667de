import { z } from 'zod'
import type { Endpoint } from './endpoint.ts'

export interface Operation {
  method: string
  path: string
  summary: string
  auth: Endpoint['auth']
  responses: { status: number; description: string }[]
}

/** The API as an OpenAPI 3.1 document, from the same declarations and schemas that serve it. */
export function openApiDocument(endpoints: readonly Endpoint[], baseUrl: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const endpoint of endpoints) {
    paths[endpoint.path] ??= {}
    const item = paths[endpoint.path]
    if (item) item[endpoint.method.toLowerCase()] = operationOf(endpoint)
  }
  return {
    openapi: '3.1.0',
    info: { title: 'HablaInglesYa', version: '1', description: 'Reserva de clases virtuales de inglés.' },
    servers: [{ url: baseUrl }],
    components: {
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: baseUrl.startsWith('https://') ? '__Host-hiy-session' : 'hiy-session' } },
      schemas: { Error: { type: 'object', properties: { error: { type: 'string' } }, required: ['error'] } },
    },
    paths,
  }
}

export function operationsOf(endpoints: readonly Endpoint[]): Operation[] {
  return endpoints.map(({ method, path, summary, auth, responses }) => ({
    method,
    path,
    summary,
    auth,
    responses: Object.entries(responses).map(([status, { description }]) => ({ status: Number(status), description })),
  }))
}

function operationOf(endpoint: Endpoint): Record<string, unknown> {
  const inPath = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map((match) => ({ name: match[1], in: 'path', required: true, schema: { type: 'string' } }))
  const inQuery = Object.entries(endpoint.query?.shape ?? {}).map(([name, schema]) => ({ name, in: 'query', required: false, schema: jsonSchema(schema as z.ZodType) }))
  return {
    summary: endpoint.summary,
    ...(endpoint.auth === 'none' ? {} : { security: [{ session: [] }] }),
    ...(inPath.length + inQuery.length > 0 ? { parameters: [...inPath, ...inQuery] } : {}),
    ...(endpoint.body ? { requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(endpoint.body) } } } } : {}),
    responses: Object.fromEntries(
      Object.entries(endpoint.responses).map(([status, { description, schema }]) => {
        const body = schema ? jsonSchema(schema) : Number(status) >= 400 ? { $ref: '#/components/schemas/Error' } : null
        return [status, { description, ...(body ? { content: { 'application/json': { schema: body } } } : {}) }]
      }),
    ),
  }
}

function jsonSchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>
  return rest
}
