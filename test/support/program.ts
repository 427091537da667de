import { readFileSync } from 'node:fs'

const COMMAND = /^exec (?:env PROCESS_ROLE=\w+ )?node (.+)$/

/** What is only said where there is a PostgreSQL server. */
const ON_A_SERVER = /\$\{DATABASE_URL:\+(\S+)\}/g

/** What `npm run <script>` gives to Node in this environment, so that tests and measurements start what operators start, with the same limits. */
export function programOf(script: 'start' | 'start:web' | 'start:worker', env: { DATABASE_URL?: string } = {}): readonly string[] {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }
  const words = COMMAND.exec(scripts[script] ?? '')?.[1]
  if (words === undefined) throw new Error(`"${script}" in package.json is not the start of the program`)
  return words.replaceAll(ON_A_SERVER, env.DATABASE_URL ? '$1' : '').split(/ +/)
}
