// Says which Chromium the tests use, and installs Debian's when there is none and this runs as root.
import { chromiumPath } from '../test/support/chromium.ts'

try {
  process.stdout.write(`${await chromiumPath()}\n`)
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
