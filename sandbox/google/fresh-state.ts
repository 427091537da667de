import type { SigningKey } from './oauth/model.ts'
import type { Account, GoogleOptions, GoogleState } from './world.ts'

/** The state of a first start: the seeded accounts and nothing else. Signing keys outlive a reset. */
export function freshState(options: GoogleOptions, keys: SigningKey[] = []): GoogleState {
  return {
    accounts: seededAccounts(),
    oauth: { grants: {}, requests: {}, codes: {}, refreshTokens: [], accessTokens: {} },
    keys,
    calendars: {},
    channels: [],
    deliveries: [],
    invitations: [],
    conference: { mode: 'success', remaining: null, pendingGets: 2, pendingMs: null, outcome: 'success' },
    meetings: [],
    freeBusyErrors: [],
    afterFreeBusy: [],
    settings: {
      publishingStatus: 'production',
      autoApprove: null,
      listPageSizeMax: null,
      allowLoopbackWebhooks: options.allowLoopbackWebhooks ?? false,
      channelSync: 'after-answer',
      channelDrop: 0,
      channelDuplicate: 0,
      channelLateAfterStop: false,
    },
  }
}

function seededAccounts(): Account[] {
  const people: [email: string, name: string, role: Account['role']][] = [
    ['profe@hablainglesya.test', 'Laura Giménez', 'admin'],
    ['sofia.pereyra@correo.test', 'Sofía Pereyra', 'student'],
    ['mateo.quiroga@correo.test', 'Mateo Quiroga', 'student'],
    ['valentina.ledesma@correo.test', 'Valentina Ledesma', 'student'],
    ['joaquin.sosa@correo.test', 'Joaquín Sosa', 'student'],
  ]
  return people.map(([email, name, role], index) => ({
    sub: `10000000000000000000${index + 1}`,
    email,
    name,
    role,
    emailVerified: true,
    tokenProblem: null,
  }))
}
