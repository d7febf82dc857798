import type { Handlers, Output } from './contract.ts';
import type { ControlContract } from './control/control-contract.ts';
import type { EngineParts } from './engine-parts.ts';
import type { HandlerPorts } from './handler-ports.ts';
import { restoreAccounts, spentElsewhere } from './pool/restore.ts';
import { openBackup, sealBackup, type BackupContent } from './store/backup-file.ts';
import { isSettingKey } from './store/settings.ts';
import { StoreError } from './store/store-error.ts';

type Restored = Output<ControlContract, 'backup.restore'>;

/** Answers the questions about backups. Only sealed text goes in and out; files are the asker's. */
export function backupHandlers(
  engine: HandlerPorts,
): Pick<Handlers<ControlContract>, 'backup.create' | 'backup.restore'> {
  return {
    'backup.create': async ({ passphrase }) => {
      const { content, left } = await contentOf(engine.parts);
      const text = await sealBackup(content, passphrase, engine.now());
      return { text, accounts: content.accounts.length, keys: content.keys.length, left };
    },
    'backup.restore': async ({ text, passphrase }) => restore(engine, await openBackup(text, passphrase)),
  };
}

async function contentOf({
  accounts,
  keys,
  settings,
}: EngineParts): Promise<{ content: BackupContent; left: string[] }> {
  const listed = keys.list();
  const open = listed.filter(({ isLocked }) => !isLocked);
  // A pause is of this moment: who restores wants to be served.
  const { paused: _, ...lasting } = settings.own();
  return {
    content: {
      accounts: [...accounts.list()],
      spentTokens: [...accounts.spentTokens],
      settings: lasting,
      keys: await Promise.all(open.map(async ({ name }) => ({ name, key: await keys.show(name) }))),
    },
    left: [
      ...accounts.locked.map(({ label }) => `the account "${label}"`),
      ...listed.filter(({ isLocked }) => isLocked).map(({ name }) => `the key ${name}`),
    ],
  };
}

/** Merges, and says of each part what became of it. What is in the pool already is never replaced. */
async function restore(engine: HandlerPorts, content: BackupContent): Promise<Restored> {
  const { accounts, pool } = engine.parts;
  // A disk that cannot be written is noticed before anything is merged.
  await accounts.save();
  await accounts.addSpent(spentElsewhere(content.spentTokens, accounts));
  const { results, ids } = await restoreAccounts(content.accounts, accounts);
  for (const { id, result } of results) if (id !== null && result === 'updated') pool.link.forget(id);
  return {
    accounts: results,
    keys: await restoreKeys(content, engine.parts),
    settings: await restoreSettings(content, ids, engine.parts),
  };
}

async function restoreKeys(content: BackupContent, { keys }: EngineParts): Promise<Restored['keys']> {
  const results: Restored['keys'] = [];
  for (const { name, key } of content.keys) {
    const reason = await keys.add(name, key).then(
      () => undefined,
      (error: unknown) => refusalOf(error),
    );
    const isSame = keys.nameOf(key) === name;
    if (reason === undefined) results.push({ name, result: 'added', reason: 'Added.' });
    else if (isSame) results.push({ name, result: 'kept', reason: 'It is there already.' });
    else results.push({ name, result: 'kept', reason: `${reason} The key of the backup was left out.` });
  }
  return results;
}

async function restoreSettings(
  content: BackupContent,
  ids: ReadonlyMap<string, string>,
  { settings, accounts }: EngineParts,
): Promise<Restored['settings']> {
  const results: Restored['settings'] = [];
  for (const [key, saved] of Object.entries(content.settings)) {
    // An account that was in the pool already has another id here.
    const value = key === 'pinned' && typeof saved === 'string' ? (ids.get(saved) ?? saved) : saved;
    if (isSettingKey(key) && settings.isSet(key)) {
      results.push({ key, result: 'kept', reason: 'It is set already.' });
    } else if (key === 'pinned' && (typeof value !== 'string' || !accounts.get(value))) {
      results.push({ key, result: 'kept', reason: 'The pinned account is not in the pool.' });
    } else {
      const reason = await settings.set(key, value).then(
        () => undefined,
        (error: unknown) => refusalOf(error),
      );
      results.push({ key, result: reason === undefined ? 'added' : 'kept', reason: reason ?? 'Set.' });
    }
  }
  return results;
}

/** Why one part could not be taken over; a disk that fails ends it all. */
function refusalOf(error: unknown): string {
  if (error instanceof StoreError && error.code !== 'write-failed') return error.message;
  throw error;
}
