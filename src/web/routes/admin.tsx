import type { Hono } from 'hono'
import type { AppEnv } from '../../http/context.ts'
import type { SiteOptions } from '../site.tsx'

export function mountAdmin(_app: Hono<AppEnv>, _site: SiteOptions): void {}
