import * as fc from 'fast-check';
import { tokenHash } from '../../../app/auth/fork.ts';
import { accountOf } from '../../store/accounts.ts';

const letter = fc.constantFrom('a', 'b', 'c', 'd');
const token = fc.oneof(
  letter.map((it) => `refresh-${it}`),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
);
const reason = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 });
const time = fc.integer({ min: 0, max: 2e12 });
const credential = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('social'), accessToken: token, refreshToken: token, expiresAt: time }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('api-key'), apiKey: token }) },
);
const state = fc.oneof(
  fc.constant({ name: 'ready' }),
  fc.record({ name: fc.constantFrom('needs-sign-in', 'parked', 'disabled'), reason }),
  fc.record({ name: fc.constant('cooling'), until: time, reason, strikes: fc.nat(5) }),
  fc.record({ name: fc.constant('exhausted'), until: time, reason }),
);

/** Accounts that meet those of the pool and each other by id, by owner or by token, or not at all. */
const account = fc
  .record(
    {
      letter,
      credential,
      state,
      label: fc.oneof(fc.constant('Account a'), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })),
      email: fc.constantFrom('a@example.com', 'b@example.com'),
      userId: fc.constantFrom('user-a', 'user-b'),
      forkedFrom: letter.map((it) => tokenHash(it)),
      plan: fc.string({ maxLength: 10 }),
    },
    { requiredKeys: ['letter', 'credential'] },
  )
  .map(({ letter: it, ...rest }) => ({ ...accountOf(it), ...rest }));

const setting = fc.oneof(
  fc.constantFrom(
    ...'port host proxyUrl strategy pinned concurrency allowedOrigins theme paused unknown __proto__'.split(' '),
  ),
  fc.string({ maxLength: 10 }),
);
const value = fc.oneof(
  fc.constantFrom(
    'sticky',
    'drain',
    9_000,
    0,
    70_000,
    '127.0.0.1',
    accountOf('a').id,
    accountOf('b').id,
    'dark',
    true,
    null,
  ),
  fc.jsonValue({ maxDepth: 1 }),
);
const name = fc.oneof(fc.constantFrom('default', 'project', 'a b', '__proto__', ''), fc.string({ maxLength: 45 }));
const key = fc.oneof(
  fc.constantFrom(...['d', 'p', 'x'].map((it) => `kp-${it.repeat(43)}`), 'kp-short', ''),
  fc.string({ maxLength: 50 }),
);

/** What a backup may hold by its schema, most of it in order. */
export const backupContents = fc.record({
  accounts: fc.array(account, { maxLength: 5 }),
  spentTokens: fc.array(
    token.map((it) => tokenHash(it)),
    { maxLength: 3 },
  ),
  settings: fc.dictionary(setting, value, { maxKeys: 5 }),
  keys: fc.array(fc.record({ name, key }), { maxLength: 4 }),
});
