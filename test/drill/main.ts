import { drill } from './drill.ts'
import { type Options, parseOptions, USAGE } from './options.ts'
import { isClean, reportLines } from './report.ts'

const MINUTE_MS = 60_000

/** `npm run drill`: see README.md. Exit code 0 when every zero is zero, 1 when not, 2 when it was asked for something it does not know. */
async function main(args: readonly string[]): Promise<void> {
  if (args.includes('--help')) {
    say(USAGE)
    return
  }
  const options = parsed(args)
  if (!options) return
  say(
    `Drill: ${options.students} students, ${options.kills} kills, --seed ${options.seed}${options.sabotage ? `, sabotage: ${options.sabotage}` : ''}`,
  )
  const interrupted = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => {
      // The second time there is no patience left; what it started is killed and its folder removed on the way out.
      if (interrupted.signal.aborted) process.exit(1)
      say('Ending…')
      interrupted.abort(new Error(`${name}: the drill was broken off`))
    })
  let clean = true
  for (const kind of options.databases) {
    const late = AbortSignal.timeout(options.minutesMax * MINUTE_MS)
    const result = await drill(kind, options, say, AbortSignal.any([interrupted.signal, late]))
    for (const line of reportLines(result)) say(line)
    clean &&= isClean(result)
  }
  say(clean ? 'Every zero is zero.' : 'NOT CLEAN: see the lines above.')
  process.exitCode = clean ? 0 : 1
}

function parsed(args: readonly string[]): Options | null {
  try {
    return parseOptions(args)
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`)
    process.exitCode = 2
    return null
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`The drill failed: ${error.message}\n`)
  process.exitCode = 1
})
