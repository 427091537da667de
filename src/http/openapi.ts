import { z } from 'zod'
import { COMMON_ERRORS, type CommonError, commonRefusals, OTHER_ANSWERS } from './common-errors.ts'
import type { Endpoint } from './endpoint.ts'

export interface OperationParameter {
  name: string
  in: 'path' | 'query' | 'body'
  required: boolean
  type: string
  description: string
}

/** One operation for the readable page. */
interface Operation {
  method: Endpoint['method']
  path: string
  summary: string
  description: string
  tag: string
  auth: Endpoint['auth']
  parameters: OperationParameter[]
  body: string | null
  responses: { status: string; description: string }[]
}

/** The API as an OpenAPI 3.1 document, from the same declarations and schemas that serve it. */
export function openApiDocument(endpoints: readonly Endpoint[], baseUrl: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  const shared = new SharedResponses()
  for (const endpoint of endpoints) {
    paths[endpoint.path] ??= {}
    const item = paths[endpoint.path]
    if (item) item[endpoint.method.toLowerCase()] = operationOf(endpoint, shared.referTo(commonRefusals(endpoint)))
  }
  return {
    openapi: '3.1.0',
    info: { title: 'HablaInglesYa', version: '1', description: 'Reserva de clases virtuales de inglés.' },
    servers: [{ url: baseUrl }],
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: baseUrl.startsWith('https://') ? '__Host-hiy-session' : 'hiy-session' },
      },
      schemas: { Error: { type: 'object', properties: { error: { type: 'string' } }, required: ['error'] } },
      responses: shared.all,
    },
    paths,
  }
}

/** What the readable page shows. */
export interface ApiForPeople {
  operations: readonly Operation[]
  commonErrors: readonly CommonError[]
  others: typeof OTHER_ANSWERS
}

export function apiForPeople(endpoints: readonly Endpoint[]): ApiForPeople {
  return { operations: operationsOf(endpoints), commonErrors: COMMON_ERRORS, others: OTHER_ANSWERS }
}

function operationsOf(endpoints: readonly Endpoint[]): Operation[] {
  return endpoints.map((endpoint) => ({
    method: endpoint.method,
    path: endpoint.path,
    summary: endpoint.summary,
    description: endpoint.limitPer10Minutes === undefined ? '' : `Hasta ${endpoint.limitPer10Minutes} solicitudes cada 10 minutos.`,
    tag: tagOf(endpoint.path),
    auth: endpoint.auth,
    parameters: parametersOf(endpoint),
    body: endpoint.body ? JSON.stringify(jsonSchema(endpoint.body), null, 2) : null,
    responses: Object.entries(endpoint.responses).map(([status, { description }]) => ({ status, description })),
  }))
}

function tagOf(path: string): string {
  if (path.startsWith('/api/auth/')) return 'Ingresar'
  if (path.startsWith('/api/admin/')) return 'Administración'
  if (/booking|checkout|create-preference|availability/.test(path)) return 'Reservar'
  if (/webhook/.test(path)) return 'Avisos de los proveedores'
  if (path.startsWith('/api/tickets')) return 'Soporte'
  return /payments/.test(path) ? 'Pagos' : 'Clases'
}

function parametersOf(endpoint: Endpoint): OperationParameter[] {
  const inPath = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map((match) => ({
    name: match[1] ?? '',
    in: 'path' as const,
    required: true,
    type: 'string',
    description: '',
  }))
  return [...inPath, ...fieldsOf(endpoint.query, 'query'), ...fieldsOf(endpoint.body ?? endpoint.form, 'body')]
}

function fieldsOf(schema: z.ZodType | undefined, place: 'query' | 'body'): OperationParameter[] {
  const { properties, required } = (schema ? jsonSchema(schema) : {}) as { properties?: Record<string, JsonField>; required?: string[] }
  return Object.entries(properties ?? {}).map(([name, fieldSchema]) => ({
    name,
    in: place,
    required: required?.includes(name) ?? false,
    type: typeName(fieldSchema),
    description: fieldSchema.description ?? '',
  }))
}

interface JsonField {
  type?: string
  enum?: string[]
  anyOf?: JsonField[]
  description?: string
}

function typeName(schema: JsonField): string {
  if (schema.enum) return schema.enum.join(' | ')
  return schema.anyOf ? schema.anyOf.map(typeName).join(' | ') : (schema.type ?? '')
}

function operationOf(endpoint: Endpoint, refusals: Record<string, unknown>): Record<string, unknown> {
  const inPath = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map((match) => ({
    name: match[1],
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  const inQuery = Object.entries(endpoint.query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    schema: jsonSchema(schema as z.ZodType),
  }))
  return {
    summary: endpoint.summary,
    ...(endpoint.auth === 'none' ? {} : { security: [{ session: [] }] }),
    ...(inPath.length + inQuery.length > 0 ? { parameters: [...inPath, ...inQuery] } : {}),
    ...requestBodyOf(endpoint),
    responses: {
      ...refusals,
      ...Object.fromEntries(Object.entries(endpoint.responses).map(([status, one]) => [status, responseOf(status, one)])),
    },
  }
}

type Response = Endpoint['responses'][number]

function responseOf(status: string, { description, schema }: Response): Record<string, unknown> {
  const body = schema ? jsonSchema(schema) : Number(status) >= 400 ? { $ref: '#/components/schemas/Error' } : null
  return { description, ...(body ? { content: { 'application/json': { schema: body } } } : {}) }
}

/** Written once in the document, because every endpoint refuses in the same few ways. */
class SharedResponses {
  readonly all: Record<string, Record<string, unknown>> = {}
  readonly #names = new Map<string, string>()

  /** A reference for each status. */
  referTo(responses: Endpoint['responses']): Record<string, { $ref: string }> {
    return Object.fromEntries(
      Object.entries(responses).map(([status, response]) => [status, { $ref: `#/components/responses/${this.#nameOf(status, response)}` }]),
    )
  }

  #nameOf(status: string, response: Response): string {
    const key = `${status} ${response.description}`
    const name = this.#names.get(key) ?? `Refusal${this.#names.size + 1}`
    this.#names.set(key, name)
    this.all[name] ??= responseOf(status, response)
    return name
  }
}

function requestBodyOf({ body, form }: Endpoint): Record<string, unknown> {
  if (body)
    return { requestBody: { required: !body.safeParse(undefined).success, content: { 'application/json': { schema: jsonSchema(body) } } } }
  if (form) return { requestBody: { required: false, content: { 'application/x-www-form-urlencoded': { schema: jsonSchema(form) } } } }
  return {}
}

function jsonSchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>
  return rest
}
