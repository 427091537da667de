import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What keeps `node_modules` from being what `package-lock.json` asks for, in words; empty when it is.
 * Compares npm's own record of what it installed, so that a full install also satisfies a start without development packages.
 *
 * @param {string} root folder of package.json
 * @param {{ dev: boolean }} options whether development packages are needed too
 * @returns {string[]}
 */
export function installProblems(root, { dev }) {
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'))
  if (installed === null) return ['nothing is installed']
  const problems = lockDifferences(readJson(join(root, 'package-lock.json')), installed, { dev })
  if (problems.length > 0) return problems
  const direct = directPackages(root, { dev })
  const missing = direct.filter((name) => !existsSync(join(root, 'node_modules', name, 'package.json')))
  // Its script fetches it. Where scripts are not run the package is there and the program is not, and npm takes the host's.
  if (direct.includes('node') && !existsSync(runtimePath(root))) missing.push('the runtime')
  return missing.map((name) => `${name} is missing`)
}

/** The Node that this project carries with it, whatever the host has. */
export function runtimePath(root) {
  return join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
}

/** @returns {string[]} packages of the lock file that the record of the installation lacks or has in another version */
function lockDifferences(lock, installed, { dev }) {
  const differences = []
  for (const [path, wanted] of Object.entries(lock.packages)) {
    if (path === '' || (!dev && wanted.dev)) continue
    const found = installed.packages[path]
    if (found === undefined) {
      if (!mayBeAbsent(wanted, { dev })) differences.push(`${path} is missing`)
    } else if (found.version !== wanted.version || found.integrity !== wanted.integrity) {
      differences.push(`${path} is not version ${wanted.version}`)
    }
  }
  return differences
}

/** Folders that an installation must create, for counting how far it is. */
export function expectedFolders(root, { dev }) {
  return Object.entries(readJson(join(root, 'package-lock.json')).packages)
    .filter(([path, wanted]) => path !== '' && (dev || !wanted.dev) && !mayBeAbsent(wanted, { dev }))
    .map(([path]) => join(root, path))
}

/** Whether development packages were installed here before, so that a repair does not take them away. */
export function hasDevPackages(root) {
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'))
  return installed !== null && Object.values(installed.packages).some((entry) => entry.dev)
}

// Optional packages exist per platform.
function mayBeAbsent(wanted, { dev }) {
  return Boolean(wanted.optional || wanted.peer || (!dev && wanted.devOptional))
}

function directPackages(root, { dev }) {
  const manifest = readJson(join(root, 'package.json'))
  return Object.keys({ ...manifest.dependencies, ...(dev ? manifest.devDependencies : {}) })
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
    throw new Error(`${path} cannot be read: ${error.message}`, { cause: error })
  }
}
