import { nodeProblem } from './node-version.ts'

// An old Node reads this file as it is built, so nothing in it, or in what it imports at once, may be newer than that.
const problem = nodeProblem(process.versions.node, process.execPath)
if (problem === null) {
  void import('./begin.ts')
} else {
  process.stderr.write(`${problem}\n`)
  process.exitCode = 1
}
