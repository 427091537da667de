import type { Faults } from '../kernel/faults.ts'
import type { PartContext } from '../kernel/parts.ts'
import type { Calendar, Channel, ConferenceMode, Delivery, Invitation } from './calendar/model.ts'
import type { ConferenceRecord } from './meet/model.ts'
import type { OauthState, SigningKey } from './oauth/model.ts'

/** A Google account of the sandbox. `sub` is what identifies it; the e-mail may change. */
export interface Account {
  sub: string
  email: string
  name: string
  role: 'admin' | 'student'
  emailVerified: boolean
  /** A service account: without a person for whom it acts it makes no Meet and invites nobody. */
  service?: { publicKey: string; delegated: boolean }
  /** Why refreshing this account's tokens fails; null when it works. */
  tokenProblem: TokenProblem | null
}

/** `disabled`: the account was deleted. `rapt`: the Workspace session control asks to sign in again. `policy`: an administrator restricted the service. */
export type TokenProblem = 'disabled' | 'rapt' | 'policy'

export interface GoogleOptions {
  clientId: string
  clientSecret: string
  /** Registered redirect URIs; compared exactly. */
  redirectUris: string[]
  /** How channel notifications leave; default `fetch`. Only loopback addresses are ever called. */
  deliver?: (request: Request) => Promise<Response>
  /** Accept `http://127.0.0.1…` as address of a channel, which Google refuses. */
  allowLoopbackWebhooks?: boolean
  /** Length of the keys that sign tokens, for whoever signs many and verifies none; default that of Google's. */
  keyBits?: number
}

/** Switches of the imitation. */
export interface GoogleSettings {
  /** Publishing status of the consent screen: "testing" ends Calendar grants after 7 days. */
  publishingStatus: 'production' | 'testing'
  /** The e-mail that approves every sign-in at once, without pages; null shows the pages. */
  autoApprove: string | null
  /** Upper limit of a list page, to force short pages; null leaves Google's 2500. */
  listPageSizeMax: number | null
  allowLoopbackWebhooks: boolean
  /** The first notification of a channel leaves before or after the answer to `events.watch`. */
  channelSync: 'before-answer' | 'after-answer'
  /** Further notifications: how many are lost, how many come twice. */
  channelDrop: number
  channelDuplicate: number
  /** A channel still delivers once after it was stopped. */
  channelLateAfterStop: boolean
}

/** Everything the Google part remembers; plain JSON. */
export interface GoogleState {
  accounts: Account[]
  oauth: OauthState
  keys: SigningKey[]
  calendars: Record<string, Calendar>
  channels: Channel[]
  deliveries: Delivery[]
  invitations: Invitation[]
  conference: ConferenceMode
  /** Meetings that took place, the oldest first. */
  meetings: ConferenceRecord[]
  /** What free/busy answers for a calendar instead of its intervals, for so many queries. */
  freeBusyErrors: { calendarId: string; reason: string; remaining: number }[]
  /** Events that the teacher adds by hand right after the next free/busy answer. */
  afterFreeBusy: { calendarId: string; event: Record<string, unknown> }[]
  settings: GoogleSettings
}

/** What every module of the Google part works on. */
export interface GoogleWorld {
  context: PartContext
  options: GoogleOptions
  faults: Faults
  state: GoogleState
}
