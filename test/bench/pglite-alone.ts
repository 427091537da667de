import { openEmbedded } from '../../src/db/open.ts'

/** The embedded database without the product: opened, asked for what pages ask for, and kept open. A program of its own. */
const db = await openEmbedded(process.env.DATA_DIR ?? '')
for (const table of ['virtual_class', 'participation', 'payment_order', 'app_user', 'task'])
  await db.execute(`SELECT count(*) FROM (SELECT * FROM ${table} ORDER BY id LIMIT 1000) AS first_rows`)
process.stdout.write('Ready\n')
setInterval(() => {}, 1_000)
process.on('SIGTERM', () => void db.close().then(() => process.exit(0)))
