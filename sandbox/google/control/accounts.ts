import { Hono } from 'hono'
import { z } from 'zod'
import { badControlRequest, controlError, readControlBody } from '../../kernel/body.ts'
import { accountByEmail, ensureAccount, isEmail } from '../accounts.ts'
import { canonicalScope, union } from '../oauth/scopes.ts'
import { createServiceAccount } from '../oauth/service-accounts.ts'
import { expireAccessTokens, grantByHand, revokeAccount } from '../oauth/tokens.ts'
import type { Account, GoogleWorld } from '../world.ts'

const Email = z
  .string()
  .max(254)
  .refine((text) => isEmail(text.trim()), 'not an e-mail address')
const AccountInput = z.strictObject({ email: Email, name: z.string().max(100).optional(), email_verified: z.boolean().optional() })
const AccountChange = z.strictObject({
  name: z.string().min(1).max(100).optional(),
  email_verified: z.boolean().optional(),
  /** "disabled": deleted account; "rapt": session control; "policy": restricted by an administrator; null: nothing wrong. */
  token_problem: z.enum(['disabled', 'rapt', 'policy']).nullable().optional(),
})
const ServiceAccountInput = z.strictObject({ delegated: z.boolean().default(true) })
const GrantInput = z.strictObject({ email: Email, scopes: z.array(z.string()).min(1).max(30) })

/** Accounts and what they allowed the application to do. */
export function accountControl(world: GoogleWorld): Hono {
  const app = new Hono()

  app.get('/accounts', (c) => c.json({ accounts: world.state.accounts.map(renderAccount) }))

  app.post('/accounts', async (c) => {
    const input = await readControlBody(c, AccountInput)
    if (accountByEmail(world, input.email)) throw controlError(409, 'There is an account with that e-mail already.')
    const account = ensureAccount(world, { email: input.email, name: input.name, emailVerified: input.email_verified })
    return c.json(renderAccount(account), 201)
  })

  app.patch('/accounts/:email', async (c) => {
    const change = await readControlBody(c, AccountChange)
    const account = requireAccount(world, c.req.param('email'))
    if (change.name !== undefined) account.name = change.name
    if (change.email_verified !== undefined) account.emailVerified = change.email_verified
    if (change.token_problem !== undefined) account.tokenProblem = change.token_problem
    world.context.changed()
    return c.json(renderAccount(account))
  })

  app.post('/service-accounts', async (c) => {
    const { delegated } = await readControlBody(c, ServiceAccountInput)
    return c.json(createServiceAccount(world, delegated), 201)
  })

  app.get('/grants', (c) => {
    const { grants, refreshTokens } = world.state.oauth
    const listed = world.state.accounts
      .filter((account) => grants[account.sub])
      .map((account) => ({
        email: account.email,
        sub: account.sub,
        scopes: grants[account.sub]?.scopes ?? [],
        offline: grants[account.sub]?.offline ?? false,
        refresh_tokens: refreshTokens.filter((token) => token.sub === account.sub).length,
      }))
    return c.json({ grants: listed })
  })

  app.post('/grants', async (c) => {
    const input = await readControlBody(c, GrantInput)
    const unknown = input.scopes.filter((scope) => !canonicalScope(scope))
    if (unknown.length > 0) throw badControlRequest(`Unknown scopes: ${unknown.join(' ')}`)
    const account = ensureAccount(world, { email: input.email })
    const tokens = grantByHand(world, account, union(input.scopes.flatMap((scope) => canonicalScope(scope) ?? [])))
    return c.json({ ...tokens, sub: account.sub, email: account.email }, 201)
  })

  app.delete('/grants/:email', (c) => {
    revokeAccount(world, requireAccount(world, c.req.param('email')).sub)
    return c.body(null, 204)
  })

  app.post('/grants/:email/expire-access-tokens', (c) => {
    expireAccessTokens(world, requireAccount(world, c.req.param('email')).sub)
    return c.body(null, 204)
  })

  return app
}

export function requireAccount(world: GoogleWorld, email: string): Account {
  const account = accountByEmail(world, email)
  if (!account) throw controlError(404, `There is no account ${email}.`)
  return account
}

function renderAccount(account: Account) {
  const { email, name, sub, role, emailVerified, tokenProblem } = account
  return { email, name, sub, role, email_verified: emailVerified, token_problem: tokenProblem }
}
