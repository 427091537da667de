export const NODE_MIN = 26

/** Why this Node cannot run the product, in one line; null when it can. */
export function nodeProblem(version: string, path: string): string | null {
  if (Number(version.split('.')[0]) >= NODE_MIN) return null
  return (
    `No se pudo iniciar: hace falta Node ${NODE_MIN} o posterior, y este es ${version} (${path}). ` +
    'El proyecto trae el suyo: iniciá con "npm start", que lo instala y lo usa.'
  )
}
