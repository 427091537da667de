// Loaded before the program (`node --import`): says plainly when the wrong Node runs it, and keeps compiled code between starts.
import { fileURLToPath } from 'node:url'

const NODE_MIN = 26

if (Number(process.versions.node.split('.')[0]) < NODE_MIN) {
  process.stderr.write(
    `This program needs Node ${NODE_MIN} or later and was started with ${process.versions.node} (${process.execPath}).\n` +
      'It brings its own: run "npm start", which installs it and puts it first in the path.\n',
  )
  process.exit(1)
}

const { enableCompileCache } = await import('node:module')
enableCompileCache(fileURLToPath(new URL('../.cache/compile', import.meta.url)))
