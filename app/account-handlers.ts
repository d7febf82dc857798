import type { Handlers } from './contract.ts';
import { CommandError, type ControlContract } from './control/control-contract.ts';
import { findAccount, type HandlerPorts } from './handler-ports.ts';
import { checkProfile, importFrom } from './import-handler.ts';
import { isRegion } from './kiro/endpoints.ts';
import { addApiKey } from './pool/api-key.ts';
import { needsProfile } from './pool/profile.ts';
import { settle, type ImportResult } from './pool/settling.ts';
import type { SignInRequest } from './pool/sign-in.ts';

type AccountQuestion = Extract<keyof ControlContract, `accounts.${string}` | `login.${string}` | `handOff.${string}`>;

/** Answers the questions about accounts, and about the ways in. */
export function accountHandlers(engine: HandlerPorts): Pick<Handlers<ControlContract>, AccountQuestion> {
  const { pool, accounts, settings } = engine.parts;
  let adding: Promise<unknown> = Promise.resolve();
  // One after the other: two imports of one store at the same time would both send its refresh token.
  const inTurn = <T>(add: () => Promise<T>): Promise<T> => {
    const result = adding.then(add);
    adding = result.catch(() => undefined);
    return result;
  };
  return {
    'accounts.list': () => pool.summaries(),
    'accounts.import': (input) => inTurn(() => importFrom(engine, input)),
    'accounts.addKey': ({ key }) => inTurn(() => addApiKey(key, engine.onboardingPorts())),
    'accounts.remove': async ({ id }) => {
      const found = findAccount(engine, id);
      await accounts.remove(found.id);
      // Later than the account: a pin on one that is gone binds nobody, a lost pin on one that stays would.
      if (settings.get('pinned') === found.id) await settings.set('pinned', undefined);
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
    'accounts.pause': async ({ id }) => {
      const found = findAccount(engine, id);
      await pool.pause(found.id, true);
      return findAccount(engine, found.id);
    },
    'accounts.resume': async ({ id }) => {
      const found = findAccount(engine, id);
      await pool.pause(found.id, false);
      return findAccount(engine, found.id);
    },
    'accounts.pin': async ({ id }) => {
      const pinned = id === null ? undefined : findAccount(engine, id).id;
      await settings.set('pinned', pinned);
      return { pinned: pinned ?? null };
    },
    'accounts.overage': async ({ id, isAllowed, dailyCap }) => {
      const found = findAccount(engine, id);
      await pool.allowOverage(found.id, { isAllowed, ...(dailyCap === undefined ? {} : { dailyCap }) });
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
    'accounts.profile': ({ id, profile }) => chooseProfile(engine, id, profile),
    'handOff.start': async ({ previous, ...input }) => {
      const { profileArn, ...target } = signInOf(input);
      return { handOffId: await engine.handOffs.start({ ...target, whatAboutPrevious: previous }, profileArn) };
    },
    'handOff.news': ({ handOffId, seen }) => engine.handOffs.news(handOffId, seen),
    'handOff.cancel': ({ handOffId }) => {
      engine.handOffs.cancel(handOffId);
      return {};
    },
    'login.start': (input) => engine.signIns.start(signInOf(input)),
    'login.wait': ({ loginId }) => engine.signIns.wait(loginId),
    'login.cancel': ({ loginId }) => {
      engine.signIns.cancel(loginId);
      return {};
    },
  };
}

async function chooseProfile(engine: HandlerPorts, idOrLabel: string, profile: string): Promise<ImportResult> {
  checkProfile(profile);
  const { pool, accounts } = engine.parts;
  const { id } = findAccount(engine, idOrLabel);
  const account = accounts.get(id);
  if (!account || !needsProfile(account.credential)) {
    throw new CommandError(
      'no-profiles',
      `"${idOrLabel}" has no profiles to choose from.`,
      'Only identity-center and external-idp do.',
    );
  }
  // Kiro is asked which profiles there are, which it is not in the name of a parked account.
  const parked = account.state.name === 'parked' ? account.state : undefined;
  if (parked) await pool.clear(id);
  const done = 'It is charged to that profile now.';
  const settled = await settle(id, { result: 'updated', profileArn: profile, done }, engine.onboardingPorts());
  const credential = accounts.get(settled.id ?? id)?.credential;
  if (credential && 'profileArn' in credential && credential.profileArn === profile) return settled;
  // A slip of the pen does not bring back what Kiro has locked, say.
  if (parked && accounts.get(id)?.state.name === 'ready') {
    await accounts.update(id, (each) => ({ ...each, state: parked }));
  }
  throw new CommandError(
    'profile-not-chosen',
    settled.reason,
    'Choose one that the login has; where Kiro did not answer, try again.',
  );
}

function signInOf(input: {
  kind: SignInRequest['kind'];
  startUrl?: string | undefined;
  region?: string | undefined;
  profile?: string | undefined;
}): SignInRequest {
  const { kind, startUrl, region, profile: profileArn } = input;
  if (profileArn !== undefined) checkProfile(profileArn);
  if (kind !== 'identity-center') return { kind, profileArn };
  const hint = 'The administrator of your organisation knows it.';
  if (startUrl === undefined || URL.parse(startUrl)?.protocol !== 'https:') {
    throw new CommandError(
      'bad-start-url',
      'The start URL must be one such as https://d-example.awsapps.com/start.',
      hint,
    );
  }
  if (region === undefined || !isRegion(region)) {
    throw new CommandError('bad-region', 'The region of the sign-in must be one such as us-east-1.', hint);
  }
  return { kind, startUrl, region, profileArn };
}
