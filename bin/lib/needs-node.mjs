import { readFileSync } from 'node:fs'

/**
 * Ends with one line when this Node is older than the project's own, which reads TypeScript: whatever is written in it has to be imported afterwards,
 * `await import(…)`, or an old Node fails on it first, with words of its own.
 *
 * @param {string} command how to run the same with the project's Node
 */
export function requireNode(command) {
  const { dependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  const problem = nodeProblem(process.versions.node, process.execPath, { needed: Number.parseInt(dependencies.node, 10), command })
  if (problem === null) return
  process.stderr.write(`${problem}\n`)
  process.exit(1)
}

/** Why this Node cannot run it, in one line; null when it can. */
export function nodeProblem(version, path, { needed, command }) {
  if (Number.parseInt(version, 10) >= needed) return null
  return `Node ${needed} or later is needed, and this is ${version} (${path}). The project brings its own: ${command} uses it.`
}
