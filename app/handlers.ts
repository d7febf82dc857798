import { homedir } from 'node:os';
import { findKiroCliStore, readKiroCliStore } from './auth/kiro-cli-store.ts';
import { kiroIdeStore, readKiroIdeStore } from './auth/kiro-ide-store.ts';
import { runDoctor, type DoctorPorts } from './clients/doctor.ts';
import type { Handlers, Output, contract } from './contract.ts';
import { CommandError, type ControlContract } from './control/control-contract.ts';
import type { EngineParts } from './engine-parts.ts';
import { isProfileArn } from './kiro/endpoints.ts';
import { importLogins, type ImportOptions, type ImportResult, type OnboardingPorts } from './pool/onboarding.ts';
import type { AccountSummary } from './pool/account-summary.ts';
import type { ListedSetting } from './store/settings-file.ts';
import { usageReport } from './usage-report.ts';

/** What the answers need of the engine. */
export interface HandlerPorts {
  readonly parts: EngineParts;
  readonly env: Environment;
  readonly now: () => number;
  status(): Output<typeof contract, 'status'>;
  onboardingPorts(): OnboardingPorts;
  doctorPorts(): DoctorPorts;
}

/** Answers every question of the contract with the engine's parts. */
export function createHandlers(engine: HandlerPorts): Handlers<ControlContract> {
  const { pool, accounts, keys, settings, history } = engine.parts;
  let importing: Promise<unknown> = Promise.resolve();
  return {
    status: () => engine.status(),
    'accounts.list': () => pool.summaries(),
    'accounts.import': (input) => {
      // One after the other: two imports of one store at the same time would both send its refresh token.
      const result = importing.then(() => importFrom(engine, input));
      importing = result.catch(() => undefined);
      return result;
    },
    'accounts.remove': async ({ id }) => {
      await accounts.remove(findAccount(engine, id).id);
      return {};
    },
    'accounts.refresh': async ({ id }) => {
      const known = await pool.refreshUsage(findAccount(engine, id).id);
      return findAccount(engine, known.id);
    },
    'accounts.clear': async ({ id }) => {
      const found = findAccount(engine, id);
      await pool.clear(found.id);
      return findAccount(engine, found.id);
    },
    'accounts.label': async ({ id, label }) => {
      const found = findAccount(engine, id);
      if (pool.summaries().some((other) => other.id !== found.id && other.label === label)) {
        throw new CommandError('label-taken', `Another account is labelled "${label}".`, 'Choose another label.');
      }
      await accounts.update(found.id, (account) => ({ ...account, label, isVerified: true }));
      return findAccount(engine, found.id);
    },
    usage: ({ days }) => {
      history.flush();
      return usageReport(pool.summaries(), history, { days, now: engine.now() });
    },
    requests: ({ last }) => {
      history.flush();
      return history.recent(last);
    },
    models: async () =>
      (await pool.models()).map(({ id, name, contextTokens, maxOutputTokens, inputTypes, efforts }) => ({
        id,
        name,
        contextTokens: contextTokens ?? null,
        maxOutputTokens: maxOutputTokens ?? null,
        inputTypes: [...inputTypes],
        efforts: [...efforts],
      })),
    'keys.list': () => keys.list().map(({ name, createdAt }) => ({ name, createdAt })),
    'keys.show': async ({ name }) => ({ name, key: await keys.show(name) }),
    'keys.create': async ({ name }) => ({ name, key: await keys.create(name) }),
    'keys.revoke': async ({ name }) => {
      await keys.revoke(name);
      return {};
    },
    'settings.list': () => settings.list().map(withNulls),
    'settings.set': async ({ key, value }) => {
      await settings.setText(key, value);
      const setting = settings.list().find((each) => each.key === key);
      if (!setting) throw new CommandError('unknown-setting', `There is no setting ${key}.`, 'See: settings list');
      return withNulls(setting);
    },
    doctor: () => runDoctor(engine.doctorPorts()),
  };
}

/** JSON has no undefined: a member that is not set would be missing on the other side of the socket. */
function withNulls({ value, default: initial, ...rest }: ListedSetting): Output<typeof contract, 'settings.set'> {
  return { ...rest, value: value ?? null, default: initial ?? null };
}

/** By id or by label, whichever a person has at hand. @throws CommandError `account-not-found` */
function findAccount(engine: HandlerPorts, idOrLabel: string): AccountSummary {
  const all = engine.parts.pool.summaries();
  const found = all.find(({ id }) => id === idOrLabel) ?? all.find(({ label }) => label === idOrLabel);
  if (found) return found;
  throw new CommandError('account-not-found', `There is no account "${idOrLabel}".`, 'See: kiro-pool accounts list');
}

async function importFrom(
  engine: HandlerPorts,
  input: {
    from: 'kiro-cli' | 'kiro-ide';
    path?: string | undefined;
    row?: string | undefined;
    profile?: string | undefined;
  },
): Promise<ImportResult[]> {
  const { env } = engine;
  // Before anything is forked: a login with an impossible profile could not be kept.
  if (input.profile !== undefined && !isProfileArn(input.profile)) {
    throw new CommandError(
      'bad-profile',
      `"${input.profile}" is not the ARN of a profile.`,
      'It looks like arn:aws:codewhisperer:us-east-1:123456789012:profile/ABCDEFGHIJKL.',
    );
  }
  const store = input.from === 'kiro-cli' ? readCli(env, input.path) : readIde(env, input.path);
  const logins = input.row === undefined ? store.logins : store.logins.filter(({ row }) => row === input.row);
  if (logins.length === 0) {
    const rows = store.logins.map(({ row }) => row).join(', ');
    throw new CommandError(
      'no-login',
      input.row === undefined ? `Nobody is signed in in ${store.path}.` : `${store.path} has no row "${input.row}".`,
      rows === '' ? `Sign in with ${input.from} first.` : `Its rows are: ${rows}.`,
    );
  }
  return importLogins(logins, { sourceOf: store.sourceOf, profileArn: input.profile }, engine.onboardingPorts());
}

interface OpenStore {
  readonly path: string;
  readonly logins: ReturnType<typeof readKiroCliStore>;
  readonly sourceOf: ImportOptions['sourceOf'];
}

type Environment = Readonly<Record<string, string | undefined>>;

function readCli(env: Environment, wanted: string | undefined): OpenStore {
  const path = wanted ?? findKiroCliStore(env, process.platform, env['HOME'] ?? homedir());
  return { path, logins: readKiroCliStore(path), sourceOf: (row) => ({ store: 'kiro-cli', path, row }) };
}

function readIde(env: Environment, wanted: string | undefined): OpenStore {
  const usual = kiroIdeStore(env, process.platform, env['HOME'] ?? homedir());
  const store = { ...usual, ...(wanted === undefined ? {} : { tokenPath: wanted }) };
  const path = store.tokenPath;
  return {
    path,
    logins: readKiroIdeStore(store),
    sourceOf: () => ({ store: 'kiro-ide', path, profilePath: store.profilePath }),
  };
}
