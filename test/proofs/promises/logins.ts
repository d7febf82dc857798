import assert from 'node:assert/strict';
import { faults } from '../../emulator/emulator.ts';
import { turnsOf } from '../served-rig.ts';
import type { PromiseRow } from './row.ts';
import { startServed, type Served } from './served.ts';
import { told, trayOf } from './told.ts';
import { startWire, unauthorized, type Script } from './wire.ts';

const two = [
  { kind: 'social', id: 'first' },
  { kind: 'social', id: 'second' },
] as const;
const hourMs = 3_600_000;

/** Logins that Kiro refuses, or that cannot be renewed. */
export const loginFaults: readonly PromiseRow[] = [
  {
    fault: 'Kiro refuses (401) the access token that twenty answers are asked for with, all at once',
    promise: 'the token is renewed exactly once, and each of them is sent once more with the new one',
    async prove(plant) {
      await using wire = await startWire();
      await using served = await startServed({ dataPlane: `http://127.0.0.1:${wire.port}` });
      await served.rig.engine.handlers['settings.set']({ key: 'concurrency', value: '20' });
      const kept = await served.remember();
      const before = renewalsAsked(served, 'social-1');
      const together = Promise.withResolvers<undefined>();
      const refuseTogether: Script = async (socket) => {
        if (wire.asked === 20) together.resolve(undefined);
        await together.promise;
        unauthorized(socket);
      };
      plant(() => wire.next(...Array.from({ length: 20 }, () => refuseTogether)));
      const answers = await Promise.all(Array.from({ length: 20 }, () => served.ask()));
      assert.ok(answers.every(({ isWhole }) => isWhole));
      assert.deepEqual(
        { sends: wire.asked, renewals: renewalsAsked(served, 'social-1') - before },
        { sends: 40, renewals: 1 },
      );
      return { sees: '20 × 200, the whole answer', kept: await kept() };
    },
  },
  {
    fault: 'Kiro answers every call of one account with 401, while fifty clients ask',
    promise: 'its token is renewed exactly once; as the new one is refused, too, the account asks for a sign-in',
    async prove(plant) {
      await using served = await startServed({ specs: two });
      const { emulator } = served.rig;
      const before = renewalsAsked(served, 'first');
      plant(() =>
        emulator.inject({ on: 'generate', account: 'first', times: 'always', fault: faults.unauthorized401 }),
      );
      const answers = await Promise.all(Array.from({ length: 50 }, () => served.ask()));
      assert.ok(answers.every(({ isWhole }) => isWhole));
      assert.equal(renewalsAsked(served, 'first') - before, 1);
      assert.deepEqual(served.states(), ['needs-sign-in', 'ready']);
      assert.deepEqual(
        await served.outcomes(),
        Array.from({ length: 50 }, () => 'served'),
      );
      return {
        sees: `50 × 200, the whole answer; the tray: ${trayOf(served.rig.engine)}`,
        kept: 'the other login; history: 50 × `served`',
      };
    },
  },
  {
    fault: 'Kiro answers every call of the only account with 401',
    promise: 'the client is told to sign in, and the refused login is not sent again',
    async prove(plant) {
      await using served = await startServed();
      const { emulator } = served.rig;
      plant(() => emulator.inject({ on: 'generate', times: 'always', fault: faults.unauthorized401 }));
      const answer = await served.ask();
      assert.equal(answer.code, 'no_account');
      emulator.clear();
      assert.deepEqual(served.states(), ['needs-sign-in']);
      const next = await served.ask();
      assert.equal(next.code, 'no_account');
      assert.match(next.message, /new sign-in: .*[^.]\.$/);
      assert.deepEqual(turnsOf(served.rig), []);
      assert.deepEqual(await served.outcomes(), ['no-account', 'no-account']);
      return {
        sees: `${told(answer)}; the next: ${told(next)}; the tray: ${trayOf(served.rig.engine)}`,
        kept: 'the account, which asks for a sign-in; history: 2 × `no-account`',
      };
    },
  },
  {
    fault: 'Kiro locks an account ("suspicious activity") while ten requests wait for their turn on it',
    promise:
      'the account is parked, and nothing more is sent with it: not what waited, and not the request that was warned',
    async prove(plant) {
      await using served = await startServed();
      const { rig } = served;
      const kept = await served.remember();
      await rig.engine.handlers['settings.set']({ key: 'concurrency', value: '1' });
      rig.emulator.clear();
      plant(() => rig.emulator.inject({ on: 'generate', fault: faults.suspended }));
      const answers = await Promise.all(Array.from({ length: 11 }, () => served.ask()));
      const parked = answers.find(({ code }) => code === 'account_parked');
      assert.ok(parked, JSON.stringify(answers));
      const others = answers.filter((each) => each !== parked);
      assert.deepEqual(
        new Set(others.map(({ isWhole, code }) => [isWhole, code].join())),
        new Set(['false,no_account']),
      );
      assert.equal(turnsOf(rig).length, 1);
      const tray = trayOf(rig.engine);
      await rig.engine.handlers['settings.set']({ key: 'concurrency', value: '4' });
      await rig.engine.handlers['accounts.clear']({ id: rig.engine.live.current().accounts[0]?.id ?? '' });
      return { sees: `${told(parked)}; the tray: ${tray}`, kept: `${await kept()} once a person has cleared it` };
    },
  },
  {
    fault: 'the sign-in service is down while the tokens of one account end',
    promise: 'the other accounts go on, the account stays ready, and is renewed when the service is back',
    async prove(plant) {
      await using served = await startServed({ specs: two });
      const { rig, accounts } = served;
      const kept = await served.remember();
      const before = refreshesOf(served, 'first');
      accounts[0]?.expireAccessTokens();
      plant(() => refuseRenewals(served, 'first'));
      for (let turn = 0; turn < 6; turn += 1) assert.equal((await served.ask()).isWhole, true);
      assert.deepEqual(served.states(), ['ready', 'ready']);
      assert.equal(refreshesOf(served, 'first'), before);
      rig.emulator.clear();
      rig.now += hourMs;
      await rig.engine.handlers['accounts.refresh']({ id: rig.summaryOf(rig.emulator.account('first')).id });
      assert.equal(refreshesOf(served, 'first') - before, 1);
      return {
        sees: '200, the whole answer, of the other account',
        kept: `${await kept()}; the login is renewed later`,
      };
    },
  },
  {
    fault: 'the sign-in service is down while the tokens of every account end',
    promise: 'the client is told that the network is at fault, not that there is no account; later it is served',
    async prove(plant) {
      await using served = await startServed({ specs: two });
      const { rig, accounts } = served;
      const kept = await served.remember();
      for (const account of accounts) account.expireAccessTokens();
      plant(() => refuseRenewals(served));
      const answer = await served.ask();
      assert.equal(answer.code, 'upstream_unreachable');
      assert.deepEqual(served.states(), ['ready', 'ready']);
      rig.emulator.clear();
      rig.now += hourMs;
      return { sees: told(answer), kept: `${await kept()}, an hour later` };
    },
  },
];

function refuseRenewals({ rig }: Served, account?: string): void {
  rig.emulator.inject({
    on: 'refresh',
    times: 'always',
    fault: faults.refreshServerError,
    ...(account === undefined ? {} : { account }),
  });
}

/** How often it was renewed. */
function refreshesOf({ rig }: Served, account: string): number {
  return rig.emulator.statistics().accounts[account]?.refreshes ?? 0;
}

/** How often Kiro was asked to renew the account's token, whatever it answered. */
function renewalsAsked({ rig }: Served, account: string): number {
  return rig.emulator.journal.filter((entry) => entry.operation === 'SocialRefresh' && entry.account === account)
    .length;
}
