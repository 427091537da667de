import type { Theme } from '../../kernel/theme.ts'

/** Names of the files in the asset manifest; the server turns them into hashed addresses. */
export type AssetName =
  | 'main.js'
  | 'styles.css'
  | 'figtree.woff2'
  | 'icon.svg'
  | 'icon-180.png'
  | 'icon-192.png'
  | 'icon-512.png'
  | 'icon-maskable-512.png'

/** `teaches`: gives classes without being an admin. */
export type Person = { name: string; email: string; isAdmin: boolean; teaches?: boolean }

/** What every page needs besides its own view. `now` is the server's clock: the browser counts from it, not from its own. */
export type Chrome = {
  asset: (name: AssetName) => string
  theme: Theme
  /** Path of the page shown, to mark its place in the navigation. */
  path: string
  /** The page that the language switch leads back to, where it is not `path` alone: its query, or the form that this answers. */
  address?: string
  person: Person | null
  /** Tells one person's page from another's, to the browser only: empty for nobody, absent on pages that may be anybody's. */
  who?: string
  now: Date
  /** The person's next scheduled class, spoken at the right of the top bar. */
  nextClass?: { startsAt: Date; endsAt: Date } | null
  /** In how many tickets somebody waits for an answer; only for the admin. */
  waitingTickets?: number
  /** The admin's own calendar waits to be connected again; only for the admin. */
  calendarLost?: boolean
  /** Outcome of the action that led here, said once at the top of the page. */
  notice?: Notice | null
  /** Present only while the sandbox is on; its clock is `now`. */
  sandbox?: { hubHref: string; mailboxHref: string } | null
}

export type Notice = { kind: 'ok' | 'info' | 'error'; text: string }
