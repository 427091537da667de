import { and, asc, count, desc, eq, exists, gt, inArray, isNull, or, type SQL, sql } from 'drizzle-orm'
import { drizzle, NodePgDatabase, NodePgSession } from 'drizzle-orm/node-postgres'
import { alias, PgDialect } from 'drizzle-orm/pg-core'
import type { Pool } from 'pg'
import { describe, expect, it } from 'vitest'
import { Dialect } from './dialect.ts'
import { appUser, paymentOrder, teacher, virtualClass } from './tables.ts'

const db = drizzle.mock()
const at = new Date('2026-11-23T12:00:00.000Z')
const other = alias(virtualClass, 'other')

/** One of each kind of statement, and of each kind of piece in them. */
const STATEMENTS: Record<string, SQL> = {
  'all columns of a row': db.select().from(virtualClass).where(eq(virtualClass.id, 'a')).limit(1).getSQL(),
  'two tables, with conditions and an order': db
    .select({ order: paymentOrder, name: appUser.name, many: sql<number>`count(*) OVER ()`.as('many') })
    .from(paymentOrder)
    .leftJoin(virtualClass, eq(virtualClass.id, paymentOrder.classId))
    .innerJoin(appUser, eq(appUser.id, paymentOrder.userId))
    .where(and(or(inArray(paymentOrder.status, ['pending', 'approved']), isNull(virtualClass.paidAt)), gt(virtualClass.startsAt, at)))
    .orderBy(asc(paymentOrder.createdAt), desc(paymentOrder.id))
    .for('update', { of: paymentOrder })
    .getSQL(),
  'one table twice': db
    .select({ id: virtualClass.id, later: other.id })
    .from(virtualClass)
    .innerJoin(other, and(eq(other.teacherId, virtualClass.teacherId), gt(other.startsAt, virtualClass.endsAt)))
    .getSQL(),
  'a statement inside another one': db
    .select({ n: count() })
    .from(teacher)
    .where(exists(db.select({ one: sql`1` }).from(virtualClass).where(eq(virtualClass.teacherId, teacher.id))))
    .getSQL(),
  'a table made of a statement': (() => {
    const ended = db.select({ id: virtualClass.id }).from(virtualClass).where(gt(virtualClass.endsAt, at)).as('ended')
    return db.select({ id: ended.id }).from(ended).getSQL()
  })(),
  'a change': db
    .update(virtualClass)
    .set({ status: 'cancelled', cancelledAt: at, paidAt: null, moveCount: sql`${virtualClass.moveCount} + 1` })
    .where(eq(virtualClass.id, 'a'))
    .returning({ id: virtualClass.id })
    .getSQL(),
  'new rows, or changed ones': db
    .insert(appUser)
    .values([{ id: 'a', email: 'a@b.test', name: '"ñ"', createdAt: at, updatedAt: at }])
    .onConflictDoUpdate({ target: appUser.email, set: { name: sql`excluded.name` }, setWhere: sql`${appUser.deletedAt} IS NULL` })
    .getSQL(),
  'a removal': db
    .delete(teacher)
    .where(eq(teacher.id, sql.placeholder('id')))
    .getSQL(),
  'text of our own': sql`SELECT ${1}, ${null}, ${true}, ${at}, ${10n}, ${'x'}, ${[1, 'b']}, ${Buffer.from('z')}, ${{ a: 1 }}, ${undefined}
    FROM ${sql.identifier('a"b')}, ${teacher} ${sql.raw('-- $1')} ${sql.join([sql`${1}`, sql`${2}`], sql`, `)} ${sql.param({ a: 1 })}`,
}

describe('columns are selected as the query layer selects them', () => {
  const [ours, theirs] = [drizzleOver(new Dialect()), drizzleOver(new PgDialect())]
  it('of one table, of two, of one twice, with expressions among them, and after a change', () => {
    const builds = [
      (handle: typeof ours) => handle.select().from(virtualClass),
      (handle: typeof ours) => handle.select({ id: virtualClass.id, name: appUser.name }).from(virtualClass).innerJoin(appUser, sql`true`),
      (handle: typeof ours) => handle.select({ id: virtualClass.id, later: other.id }).from(virtualClass).innerJoin(other, sql`true`),
      (handle: typeof ours) => handle.select({ id: virtualClass.id, many: count() }).from(virtualClass),
      (handle: typeof ours) => handle.delete(teacher).returning(),
    ]
    for (const build of builds) expect(build(ours).toSQL()).toEqual(build(theirs).toSQL())
  })
})

function drizzleOver(dialect: PgDialect) {
  return new NodePgDatabase(dialect, new NodePgSession({} as Pool, dialect, undefined), undefined)
}

describe('a statement is written as the query layer would', () => {
  const [ours, theirs] = [new Dialect(), new PgDialect()]
  for (const [name, statement] of Object.entries(STATEMENTS))
    it(name, () => {
      const { sql: text, params } = theirs.sqlToQuery(statement)
      expect(ours.sqlToQuery(statement)).toMatchObject({ sql: text, params })
    })

  it('whichever came first', () => {
    const [value, subquery] = [STATEMENTS['text of our own'], STATEMENTS['a table made of a statement']] as [SQL, SQL]
    const fresh = new Dialect()
    for (const statement of [value, subquery, value]) expect(fresh.sqlToQuery(statement).sql).toBe(theirs.sqlToQuery(statement).sql)
  })

  it('values within the text, which only the query layer writes', () => {
    const inlined = sql`SELECT ${'a'}`.inlineParams()
    expect(ours.sqlToQuery(inlined).sql).toBe("SELECT 'a'")
  })
})
