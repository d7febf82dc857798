import assert from 'node:assert/strict';
import { faults } from '../../emulator/emulator.ts';
import type { PromiseRow } from './row.ts';
import { assertServes, startServed, told, type Served } from './served.ts';

const two = [
  { kind: 'social', id: 'first' },
  { kind: 'social', id: 'second' },
] as const;
const hourMs = 3_600_000;

/** Logins that Kiro refuses, or that cannot be renewed. */
export const loginFaults: readonly PromiseRow[] = [
  {
    fault: 'Kiro answers every call of one account with 401, while fifty clients ask',
    promise:
      'the token is renewed for those under way there at most (4), not for each; then the account asks for a sign-in',
    async prove() {
      await using served = await startServed({ specs: two });
      const { emulator } = served.rig;
      const before = refreshesOf(served, 'first');
      emulator.inject({ on: 'generate', account: 'first', times: 'always', fault: faults.unauthorized401 });
      const answers = await Promise.all(Array.from({ length: 50 }, () => served.ask()));
      assert.deepEqual(new Set(answers.map(({ isWhole }) => isWhole)), new Set([true]));
      const renewals = refreshesOf(served, 'first') - before;
      assert.ok(renewals >= 1 && renewals <= 4, `${renewals} renewals`);
      assert.deepEqual(served.states(), ['needs-sign-in', 'ready']);
      return {
        sees: '50 × 200, the whole answer; the account "needs sign-in"',
        kept: 'the other login; 50 × `served`',
      };
    },
  },
  {
    fault: 'Kiro answers every call of the only account with 401',
    promise: 'the client is told to sign in, and the refused login is not sent again',
    async prove() {
      await using served = await startServed();
      const { emulator } = served.rig;
      emulator.inject({ on: 'generate', times: 'always', fault: faults.unauthorized401 });
      const answer = await served.ask();
      assert.equal(answer.code, 'no_account');
      emulator.clear();
      assert.deepEqual(served.states(), ['needs-sign-in']);
      const next = await served.ask();
      assert.equal(next.code, 'no_account');
      assert.match(next.message, /new sign-in: .*[^.]\.$/);
      assert.deepEqual(
        emulator.journal.filter(({ operation }) => operation === 'GenerateAssistantResponse'),
        [],
      );
      return {
        sees: `${told(answer)}; the next: ${told(next)}`,
        kept: 'the account and its history; it asks for a sign-in',
      };
    },
  },
  {
    fault: 'the sign-in service is down while the tokens of one account end',
    promise: 'the other accounts go on, the account stays ready, and is renewed when the service is back',
    async prove() {
      await using served = await startServed({ specs: two });
      const { rig, accounts } = served;
      accounts[0]?.expireAccessTokens();
      rig.emulator.inject({ on: 'refresh', account: 'first', times: 'always', fault: faults.refreshServerError });
      for (let turn = 0; turn < 6; turn += 1) assert.equal((await served.ask()).isWhole, true);
      assert.deepEqual(served.states(), ['ready', 'ready']);
      rig.emulator.clear();
      rig.now += hourMs;
      const id = rig.engine.live.current().accounts[0]?.id ?? '';
      await rig.engine.handlers['accounts.refresh']({ id });
      await assertServes(served);
      return { sees: '200, the whole answer, of the other account', kept: 'both logins; the one is renewed later' };
    },
  },
  {
    fault: 'the sign-in service is down while the tokens of every account end',
    promise: 'the client is told that the network is at fault, not that there is no account; later it is served',
    async prove() {
      await using served = await startServed({ specs: two });
      const { rig, accounts } = served;
      for (const account of accounts) account.expireAccessTokens();
      rig.emulator.inject({ on: 'refresh', times: 'always', fault: faults.refreshServerError });
      const answer = await served.ask();
      assert.equal(answer.code, 'upstream_unreachable');
      assert.deepEqual(served.states(), ['ready', 'ready']);
      rig.emulator.clear();
      rig.now += hourMs;
      await assertServes(served);
      return { sees: told(answer), kept: 'both logins; an hour later they are renewed and serve' };
    },
  },
  {
    fault: 'the machine sleeps for eight hours while an account cools down and tokens end',
    promise:
      'as it wakes, the cooldown is over by the clock, the token is renewed once, and the next request is served',
    async prove() {
      await using served = await startServed();
      const { rig } = served;
      rig.emulator.inject({ on: 'generate', fault: faults.rateLimit });
      const refused = await served.ask();
      assert.equal(refused.code, 'rate_limit_exceeded');
      assert.deepEqual(served.states(), ['cooling']);
      const before = served.renewals();
      rig.now += 8 * hourMs;
      rig.engine.wake();
      assert.deepEqual(served.states(), ['ready']);
      await assertServes(served);
      const after = served.renewals();
      assert.equal(after - before, 1);
      return { sees: `before: ${told(refused)}; after: 200, the whole answer`, kept: 'the login, renewed once' };
    },
  },
  {
    fault: 'the clock jumps back two hours while an account cools down',
    promise: 'a client is never told to come back later than in an hour, and a person can end the cooldown by hand',
    async prove() {
      await using served = await startServed();
      const { rig } = served;
      rig.emulator.inject({ on: 'generate', fault: faults.rateLimit });
      await served.ask();
      rig.now -= 2 * hourMs;
      rig.engine.wake();
      const refused = await served.ask();
      assert.equal(refused.code, 'rate_limit_exceeded');
      assert.ok(Number(refused.retryAfter) <= 3600, `retry-after: ${refused.retryAfter}`);
      await rig.engine.handlers['accounts.clear']({ id: rig.engine.live.current().accounts[0]?.id ?? '' });
      await assertServes(served);
      return { sees: told(refused), kept: 'the login; cleared by hand, it serves' };
    },
  },
];

function refreshesOf({ rig }: Served, account: string): number {
  return rig.emulator.statistics().accounts[account]?.refreshes ?? 0;
}
