// Loaded before the program (`node --import`): keeps compiled code between starts. A Node too old for that is too old for the program, which says so.
import * as nodeModule from 'node:module'
import { fileURLToPath } from 'node:url'

nodeModule.enableCompileCache?.(fileURLToPath(new URL('../.cache/compile', import.meta.url)))
