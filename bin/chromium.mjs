// Says which Chromium the tests use, and installs Debian's when there is none and this runs as root.
import { requireNode } from './lib/needs-node.mjs'

requireNode('"node_modules/.bin/node bin/chromium.mjs"')
const { chromiumPath } = await import('../test/support/chromium.ts')

try {
  process.stdout.write(`${await chromiumPath()}\n`)
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
