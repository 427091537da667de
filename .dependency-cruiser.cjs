// Which part may import which: main → http, web → features → jobs, db → kernel. Every rule forbids; what no rule names is allowed.
// `$1` is what the parentheses of the rule's own `from.path` caught.

// dependency-cruiser reads TypeScript 7 only through swc; without it every .ts file would be passed over in silence.
require.resolve('@swc/core')

const TYPES_FOR_ALL = '^src/(deps|config|config-files)\\.ts$'
const KERNEL = '^src/kernel/'

// The only doors between the two neighbours that talk to the outside. Widen here if another one is needed.
const WEB_SEES_OF_HTTP = '^src/http/(middleware/|(app|context|encoding|endpoint|openapi)\\.ts$)'
const HTTP_SEES_OF_WEB = '^src/web/ui/'
const CLIENT_SEES = '^src/web/(client|ui)/[^.]+\\.ts$|^src/web/(client/)?text\\.(es|en)\\.ts$|^src/kernel/(window|locale)\\.ts$'

/** `from` may import of `src/` only what `allowed` matches. */
const only = (name, comment, from, allowed) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^src/', pathNot: [...allowed, TYPES_FOR_ALL] },
})

const never = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    never('kernel-alone', 'The kernel imports nothing else of src.', { path: KERNEL }, { path: '^(src|sandbox|test)/', pathNot: KERNEL }),
    only('db-below', 'The database knows the kernel only.', '^src/db/', ['^src/db/', KERNEL]),
    only('jobs-below', 'Jobs know the database and the kernel.', '^src/jobs/(?!(registry|schedule)\\.ts$)', ['^src/(jobs|db)/', KERNEL]),
    only('job-lists', 'The lists of all jobs and of all timed jobs name those of every feature.', '^src/jobs/(registry|schedule)\\.ts$', [
      '^src/(jobs|features)/',
      KERNEL,
    ]),
    only('features-inward', 'Features never import providers, http or web.', '^src/features/', ['^src/(features|jobs|db)/', KERNEL]),
    never(
      'rules-are-pure',
      'A rule takes data and returns data: no database, no queue, no effects.',
      { path: '^src/features/.+/rules\\.ts$' },
      { path: '^src/(db|jobs)/|^src/features/.+/(store|commands|queries|jobs)\\.ts$', dependencyTypesNot: ['type-only'] },
    ),
    only('providers-behind-ports', 'A provider knows the kernel and the ports it fulfils.', '^src/providers/', [
      '^src/providers/',
      KERNEL,
      '^src/features/.+/provider\\.ts$',
    ]),
    never(
      'providers-apart',
      'Providers do not know each other.',
      { path: '^src/providers/([^/]+)/' },
      { path: '^src/providers/[^/]+/', pathNot: '^src/providers/$1/' },
    ),
    only('http-inward', 'Endpoints call features.', '^src/http/', ['^src/(http|features)/', KERNEL, HTTP_SEES_OF_WEB]),
    only('web-inward', 'Pages call features.', '^src/web/(?!client/|worker/)', [
      '^src/web/(?!client/|worker/)',
      '^src/features/',
      KERNEL,
      WEB_SEES_OF_HTTP,
    ]),
    never(
      'sql-stays-home',
      'Pages and endpoints go through commands and queries, never to a store.',
      { path: '^src/(web|http)/' },
      { path: '^src/features/.+/store\\.ts$', dependencyTypesNot: ['type-only'] },
    ),
    never(
      'client-alone',
      'What runs in the browser imports of the server only texts, small pure modules of ui, and the one word of the kernel that both share.',
      { path: '^src/web/(client|worker)/' },
      { path: '.', pathNot: CLIENT_SEES },
    ),
    {
      name: 'client-stays-small',
      comment: 'Nor do those modules pull in anything else: no packages, no features.',
      severity: 'error',
      from: { path: '^src/web/(client/main|worker/worker)\\.ts$' },
      to: { path: '.', pathNot: CLIENT_SEES, reachable: true },
    },
    never(
      'gallery-apart',
      'The gallery photographs the pages; it is no part of the product.',
      { path: '^src/', pathNot: '^src/web/gallery/' },
      { path: '^src/web/gallery/' },
    ),
    never(
      'deps-are-types',
      'src/deps.ts only describes; things are made in main.',
      { path: '^src/deps\\.ts$' },
      { path: '.', dependencyTypesNot: ['type-only'] },
    ),
    only('config-below', 'The configuration knows the kernel only.', '^src/config(-files)?\\.ts$', [KERNEL]),
    never(
      'main-is-last',
      'Only the first file of the program imports the composition root.',
      { pathNot: '^src/begin\\.ts$' },
      { path: '^src/main\\.ts$' },
    ),
    never(
      'old-node-first',
      'The first file imports only what an old Node can read, and the rest afterwards.',
      { path: '^src/(start|node-version)\\.ts$' },
      { pathNot: '^src/(begin|node-version)\\.ts$' },
    ),
    never('start-is-first', 'Nobody imports the first file.', { pathNot: '^src/start\\.ts$' }, { path: '^src/start\\.ts$' }),
    never(
      'sandbox-apart',
      'The product and the sandbox speak HTTP to each other and share no code.',
      { path: '^sandbox/' },
      { path: '^(src|test)/' },
    ),
    never(
      'product-apart',
      'Only main starts the sandbox.',
      { path: '^src/', pathNot: '^src/(main\\.ts$|web/gallery/)' },
      { path: '^(sandbox|test)/' },
    ),
    never(
      'sandbox-front-door',
      'main imports the sandbox by its index.',
      { path: '^src/' },
      { path: '^sandbox/', pathNot: '^sandbox/index\\.ts$' },
    ),
    {
      name: 'no-cycles',
      comment: 'A cycle is a part that has no name yet. Through deps.ts there are only types.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { pathNot: '^src/deps\\.ts$' } },
    },
    {
      name: 'no-orphans',
      comment: 'A file that imports nothing and is imported by nothing.',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: '^(src/main|src/web/(client|gallery)/main|src/web/worker/worker|sandbox/(index|main))\\.ts$|\\.d\\.ts$',
      },
      to: {},
    },
    never('resolvable', 'An import that leads nowhere.', {}, { couldNotResolve: true }),
    never(
      'declared-packages',
      'What runs in production is in "dependencies" of package.json.',
      { path: '^(src|sandbox)/', pathNot: '^src/web/gallery/' },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    ),
  ],
  options: {
    parser: 'swc',
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.test\\.tsx?$' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.d.ts'],
    },
  },
}
