import type { Chrome } from '../ui/chrome.ts'
import { Document } from '../ui/document.tsx'

export type ApiParameter = { name: string; in: 'path' | 'query' | 'header' | 'body'; required: boolean; type: string; description: string }

/** One operation of the OpenAPI document. `body` is a readable sample or schema of the request, as text. */
export type ApiOperation = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  summary: string
  description: string
  /** Groups operations under one heading. */
  tag: string
  auth: 'none' | 'login' | 'teacher' | 'admin' | 'signature'
  parameters: readonly ApiParameter[]
  body: string | null
  responses: readonly { status: string; description: string }[]
}

/** View of `/api/docs`. `commonErrors`: what any operation may answer. `others`: what is not the API and answers with pages or files. */
export type ApiDocsView = {
  version: string
  operations: readonly ApiOperation[]
  commonErrors: readonly { status: number; text: string; when: string }[]
  others: readonly { path: string; status: number; when: string }[]
}

const AUTH: Record<ApiOperation['auth'], string> = {
  none: 'Pública',
  login: 'Con sesión',
  teacher: 'Admin y quien da la clase',
  admin: 'Solo admin',
  signature: 'Con firma del proveedor',
}

export function ApiDocsPage({ chrome, version, operations, commonErrors, others }: ApiDocsView & { chrome: Chrome }) {
  const tags = [...new Set(operations.map((operation) => operation.tag))]
  return (
    <Document chrome={chrome} title="Documentación de la API">
      <div class="stack api">
        <header class="page-head">
          <h1>Documentación de la API</h1>
          <p class="soft measure">
            Versión {version}. JSON de ida y de vuelta; las fechas llevan zona horaria. También está como{' '}
            <a href="/api/openapi.json">documento OpenAPI</a>.
          </p>
        </header>
        <section class="stack" aria-label="Errores comunes">
          <h2>Errores comunes</h2>
          <p class="soft measure">Valen para todas las operaciones, antes de sus propios controles. El texto viene en «error».</p>
          <dl class="api-responses">
            {commonErrors.map(({ status, text, when }) => (
              <div>
                <dt class="tabular">{status}</dt>
                <dd>
                  <code>{text}</code> <span class="soft">{when}</span>
                </dd>
              </div>
            ))}
          </dl>
          <h3>Archivos y descargas</h3>
          <dl class="api-responses">
            {others.map(({ path, status, when }) => (
              <div>
                <dt class="tabular">{status}</dt>
                <dd>
                  <code>{path}</code> <span class="soft">{when}</span>
                </dd>
              </div>
            ))}
          </dl>
        </section>
        {operations.length === 0 ? <p class="soft">Todavía no hay operaciones documentadas.</p> : null}
        {tags.map((tag) => (
          <section aria-label={tag}>
            <h2>{tag}</h2>
            <div class="api-list">
              {operations
                .filter((operation) => operation.tag === tag)
                .map((operation) => (
                  <Operation operation={operation} />
                ))}
            </div>
          </section>
        ))}
      </div>
    </Document>
  )
}

function Operation({ operation }: { operation: ApiOperation }) {
  return (
    <details class="api-operation" id={`${operation.method}-${operation.path.replace(/[^a-z]+/gi, '-')}`.toLowerCase()}>
      <summary>
        <span class="api-method">{operation.method}</span>
        <code>{operation.path}</code>
        <span class="api-summary">{operation.summary}</span>
        <span class="soft api-auth">{AUTH[operation.auth]}</span>
      </summary>
      <div class="api-body">
        {operation.description === '' ? null : <p class="measure">{operation.description}</p>}
        {operation.parameters.length === 0 ? null : <Parameters parameters={operation.parameters} />}
        {operation.body === null ? null : (
          <>
            <h3>Cuerpo</h3>
            <pre tabindex={0}>
              <code>{operation.body}</code>
            </pre>
          </>
        )}
        <h3>Respuestas</h3>
        <dl class="api-responses">
          {operation.responses.map((response) => (
            <div>
              <dt class="tabular">{response.status}</dt>
              <dd>{response.description}</dd>
            </div>
          ))}
        </dl>
      </div>
    </details>
  )
}

function Parameters({ parameters }: { parameters: readonly ApiParameter[] }) {
  return (
    <>
      <h3>Parámetros</h3>
      <dl class="api-responses">
        {parameters.map((parameter) => (
          <div>
            <dt>
              <code>{parameter.name}</code>
            </dt>
            <dd>
              <span class="soft">
                {parameter.in}, {parameter.type}
                {parameter.required ? ', obligatorio' : ''}
              </span>{' '}
              {parameter.description}
            </dd>
          </div>
        ))}
      </dl>
    </>
  )
}
