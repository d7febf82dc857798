import { scryptSync } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import type { Engine } from '../../../app/engine.ts';
import type { Account } from '../../../app/pool/account.ts';
import { createMasterKeyBox } from '../../../app/store/secret-box.ts';
import { StoreError } from '../../../app/store/store-error.ts';
import { accountOf, temporaryFolder } from '../../store/accounts.ts';
import { corpusOf } from '../corpus.ts';
import { drawn } from '../drawn.ts';
import { makeJson } from '../mutate-json.ts';
import { openQuietly } from '../quiet-engine.ts';
import { mustHold, type Target } from '../target.ts';
import { passphrase } from './backup.ts';
import { backupContents } from './backup-contents.ts';

/** What lies in a backup that is sealed as it should be, taken into a pool by the whole engine. */
export const restore: Target = {
  name: 'restore',
  promise:
    'Whatever a backup holds: all of it is restored, with a word on each account, key and setting that is true of the pool and of the ' +
    'disk after it; or it is refused as `not-a-backup`, and nothing has changed. No login of the pool is lost.',
  inputs: 2_000,
  seeds: () => [
    Buffer.from(
      JSON.stringify({ accounts: [accountOf('a'), accountOf('b')], spentTokens: [], settings: {}, keys: [] }),
    ),
  ],
  make: (random, seeds) => {
    const made = Buffer.from(JSON.stringify(drawn(backupContents, random)));
    return random.next() < 0.8 ? made : makeJson(random, [made, ...seeds]);
  },
  async check(input) {
    using folder = temporaryFolder();
    const { engine } = await openQuietly(folder);
    await using closing = new AsyncDisposableStack();
    closing.use(engine);
    await engine.parts.accounts.put(accountOf('a'));
    const before = stateOf(engine);
    const text = await sealed(input);
    try {
      const restored = await engine.handlers['backup.restore']({ text, passphrase });
      checkTold(engine, before, restored, v.parse(contentSchema, JSON.parse(input.toString('utf8'))));
      await closing.disposeAsync();
      const after = stateOf(engine);
      await using again = (await openQuietly(folder)).engine;
      mustHold(isDeepStrictEqual(stateOf(again), after), 'the disk has another pool than the one that was restored');
      return [...new Set(restored.accounts.map(({ result }) => result))].toSorted().join(', ') || 'no account';
    } catch (error) {
      if (!(error instanceof StoreError && error.code === 'not-a-backup')) throw error;
      mustHold(isDeepStrictEqual(stateOf(engine), before), 'a backup that was refused has changed the pool');
      return error.code;
    }
  },
};

const contentSchema = v.object({
  accounts: v.array(v.unknown()),
  settings: v.record(v.string(), v.unknown()),
  keys: v.array(v.object({ name: v.string(), key: v.string() })),
});
type Content = v.InferOutput<typeof contentSchema>;
type Restored = Awaited<ReturnType<Engine['handlers']['backup.restore']>>;

interface State {
  readonly accounts: readonly Account[];
  readonly keys: readonly string[];
  readonly settings: Readonly<Record<string, unknown>>;
}

function stateOf({ parts: { accounts, keys, settings } }: Engine): State {
  return { accounts: [...accounts.list()], keys: keys.list().map(({ name }) => name), settings: settings.own() };
}

/** Holds what is told of each part against what is in the pool now. */
function checkTold(engine: Engine, before: State, restored: Restored, content: Content): void {
  const { accounts, keys, settings } = engine.parts;
  const isTold =
    restored.accounts.length === content.accounts.length &&
    restored.keys.length === content.keys.length &&
    restored.settings.length === Object.keys(content.settings).length;
  mustHold(isTold, 'of some part it is not told what became of it');

  const added = restored.accounts.filter(({ result }) => result === 'added');
  mustHold(accounts.list().length === before.accounts.length + added.length, 'not as many accounts as were told');
  for (const { id, label } of restored.accounts)
    mustHold(id === null || accounts.get(id) !== undefined, `${label} is not in the pool`);
  for (const account of before.accounts) {
    const isUpdated = restored.accounts.some(({ id, result }) => id === account.id && result === 'updated');
    mustHold(isUpdated || isDeepStrictEqual(accounts.get(account.id), account), 'an account of the pool was changed');
  }
  for (const [index, { name, result }] of restored.keys.entries()) {
    const key = content.keys[index]?.key ?? '';
    mustHold(result === 'kept' || keys.nameOf(key) === name, `the key ${name} lets nobody in`);
  }
  const own: Readonly<Record<string, unknown>> = settings.own();
  for (const { key, result } of restored.settings)
    mustHold(result === 'kept' || Object.hasOwn(own, key), `${key} is not set`);
}

/** Seals a content under the key of the backup in the corpus, which costs little. */
function sealed(content: Buffer): Promise<string> {
  return box
    .seal(content.toString('utf8'), 'kiro-pool-backup')
    .then((text) => JSON.stringify({ ...envelope, sealed: text }));
}

const envelope = v.parse(
  v.looseObject({ scrypt: v.object({ N: v.number(), r: v.number(), p: v.number(), salt: v.string() }) }),
  JSON.parse(corpusOf('backup')[0]?.toString('utf8') ?? ''),
);
const { salt, ...cost } = envelope.scrypt;
const box = createMasterKeyBox(scryptSync(passphrase, Buffer.from(salt, 'base64'), 32, cost), 'key-file');
