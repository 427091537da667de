import type { Academy } from '../../../config-files.ts'
import type { Policy } from '../policy.ts'

/** What the legal texts are made of: who sells, and the rules that the product keeps. */
export type LegalFacts = { academy: Academy; policy: Policy; baseUrl: string }

/** One numbered part; a list stands as an array between its paragraphs. */
export type LegalPart = { id: string; title: string; body: readonly (string | readonly string[])[] }
