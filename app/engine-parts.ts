import { randomUUID } from 'node:crypto';
import type { Condition } from './condition.ts';
import { readEndpoints } from './engine-endpoints.ts';
import type { Endpoints } from './kiro/endpoints.ts';
import { createTransport, type Transport } from './kiro/transport.ts';
import { liveSnapshot } from './live-snapshot.ts';
import { Live } from './live.ts';
import { describe, Log } from './log.ts';
import { Pool } from './pool/pool.ts';
import { AccountsFile, type LockedAccount } from './store/accounts-file.ts';
import { openDataFolder, type DataFolder } from './store/data-folder.ts';
import { headlessSecretBox } from './store/headless-box.ts';
import { KeysFile } from './store/keys-file.ts';
import type { SecretBox } from './store/secret-box.ts';
import { SettingsFile } from './store/settings-file.ts';
import { History } from './usage/history.ts';
import { RecentDays } from './usage/recent-days.ts';
import { RecentRequests } from './usage/recent-requests.ts';
import { version } from './version.ts';

/** Everything that an engine has open. */
export interface EngineParts {
  readonly folder: DataFolder;
  readonly box: SecretBox;
  readonly accounts: AccountsFile;
  readonly keys: KeysFile;
  readonly settings: SettingsFile;
  readonly history: History;
  readonly recentDays: RecentDays;
  readonly recentRequests: RecentRequests;
  readonly transport: Transport;
  readonly endpoints: Endpoints;
  readonly pool: Pool;
  readonly log: Log;
  readonly live: Live;
  readonly condition: Condition;
}

export interface PartsOptions {
  readonly dataDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where log lines go. */
  readonly log: (line: string) => void;
  /** Gives what seals the logins; by default with a key from the environment or the folder, as without a desktop. */
  readonly secretBox?: (folder: { readonly path: string }) => Promise<SecretBox>;
  /** Epoch ms. */
  readonly now: () => number;
  /** Lets time pass between tries, in ms. */
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
}

const whyLocked: Readonly<Record<LockedAccount['reason'], string>> = {
  'cannot-open': 'it was sealed with another key',
  'wrong-shape': 'what is stored of it is not understood',
  twin: 'another account has its id',
};

/** Requests that screens show at a glance. */
const shownRequests = 20;

/**
 * Opens the data folder and everything in it, and joins the parts together.
 * @param opened takes what is to be closed again, in its order
 * @throws StoreError when the folder is in use or cannot be used; CommandError for a wrong `KIRO_POOL_ENDPOINTS`
 */
export async function openParts(options: PartsOptions, opened: AsyncDisposableStack): Promise<EngineParts> {
  const { env, now, wait } = options;
  const log = new Log({ write: options.log, now, level: env['KIRO_POOL_LOG'] });
  const endpoints = await readEndpoints(env['KIRO_POOL_ENDPOINTS']);
  const live = opened.use(new Live({ make: () => liveSnapshot(parts, now()), now }));
  const condition: Condition = { problems: [], url: null, takenPort: null };
  const onProblem = (problem: { message: string }): void => {
    // A disk that stays full is told once, not once for every request.
    if (!condition.problems.includes(problem.message)) condition.problems.push(problem.message);
    live.changed();
    log.warn('store.problem', { message: problem.message });
  };
  const onRecovered = ({ message }: { message: string }): void => {
    const index = condition.problems.indexOf(message);
    if (index >= 0) condition.problems.splice(index, 1);
    live.changed();
    log.info('store.recovered', { message });
  };
  const folder = opened.use(await openDataFolder(options.dataDir, { version, now }));
  const box = await (options.secretBox?.(folder) ?? headlessSecretBox({ dataDir: folder.path, env }));
  const settings = await SettingsFile.open(folder, { now, onProblem });
  const accounts = await AccountsFile.open(folder, box, { now, onProblem });
  for (const { label, reason } of accounts.locked)
    condition.problems.push(`The account "${label}" cannot be opened: ${whyLocked[reason]}.`);
  const keys = await KeysFile.open(folder, box, { now, onProblem });
  const history = opened.use(new History({ path: folder.file('usage.db'), now, onProblem, onRecovered }));
  history.prune(now());
  const proxyUrl = settings.get('proxyUrl');
  const transport = createTransport({
    userAgent: `kiro-pool/${version}`,
    env,
    systemCertificates: settings.get('systemCertificates') && !endpoints.replaced,
    ...(proxyUrl === undefined ? {} : { proxyUrl }),
  });
  opened.defer(() => transport.close());
  const pool = new Pool({
    accounts,
    transport,
    endpoints,
    now,
    wait,
    newId: randomUUID,
    isOptedOut: () => settings.get('optOut'),
    strategy: () => settings.get('strategy'),
    pinned: () => settings.get('pinned'),
    concurrency: () => settings.get('concurrency'),
    onActivity: () => live.changed(),
    onUsage: (account) => {
      if (account.credits) history.recordUsage({ account: account.id, ...account.credits });
    },
    onStateChange: (account, from, to) => {
      const reason = 'reason' in to ? to.reason : 'It can serve again.';
      log.info('account.state', { account: account.id, from: from.name, to: to.name, reason });
      history.recordStateChange({ at: now(), account: account.id, from: from.name, to: to.name, reason });
    },
    onJoined: (gone, into) => {
      if (settings.get('pinned') !== gone) return;
      settings.set('pinned', into).catch((cause: unknown) => log.error('pool.problem', { cause: describe(cause) }));
    },
    onOverage: (account, credits) => history.recordOverage({ at: now(), account, credits }),
    overageToday: (account) => history.overageOn(account, now()),
    onProblem: (message, cause) => log.error('pool.problem', { message, cause: describe(cause) }),
  });
  opened.defer(() => pool.close());
  const recentDays = new RecentDays(history);
  const recentRequests = new RecentRequests(history, shownRequests);
  const files = { folder, box, accounts, keys, settings, history, recentDays, recentRequests };
  const parts: EngineParts = { ...files, transport, endpoints, pool, log, live, condition };
  opened.defer(settings.onChange(() => live.changed()));
  opened.defer(accounts.onChange(() => live.changed()));
  return parts;
}
