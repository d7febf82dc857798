import assert from 'node:assert/strict';
import { faults } from '../../emulator/emulator.ts';
import { until } from '../../proxy/serving.ts';
import type { PromiseRow } from './row.ts';
import { seen, startServed, type Served } from './served.ts';
import { told, trayOf } from './told.ts';
import { chunk, head, opening, startWire, words } from './wire.ts';

const hourMs = 3_600_000;

/** What befalls the machine's clock: somebody sets it, or it goes on while the machine sleeps. */
export const machineFaults: readonly PromiseRow[] = [
  ...[
    { fault: 'the clock jumps two hours forward, past the end of every access token', hours: 2, renewals: 1 },
    { fault: 'the clock jumps two hours back', hours: -2, renewals: 0 },
  ].map(({ fault, hours, renewals }): PromiseRow => ({
    fault,
    promise:
      'the next request is served; a token is renewed once when its time is over by the new clock, and else never',
    async prove(plant) {
      await using served = await startServed();
      assert.equal((await served.ask()).isWhole, true);
      const kept = await served.remember();
      const [before, then] = [served.renewals(), served.rig.now];
      plant(() => goOn(served, hours * hourMs));
      const answer = await served.ask();
      assert.equal(answer.isWhole, true, JSON.stringify(answer));
      const text = await kept();
      assert.equal(served.renewals() - before, renewals);
      const [newest] = served.rig.engine.live.current().requests;
      assert.equal(newest?.at, then + hours * hourMs);
      return {
        sees: '200, the whole answer',
        kept: `${text}; ${renewals === 1 ? 'one renewal' : 'no renewal'} of its token`,
      };
    },
  })),
  {
    fault: 'the clock jumps back two hours while an account cools down',
    promise: 'a client is never told to come back later than in an hour, and a person can end the cooldown by hand',
    async prove(plant) {
      await using served = await startServed();
      const { rig } = served;
      const kept = await served.remember();
      rig.emulator.inject({ on: 'generate', fault: faults.rateLimit });
      await served.ask();
      plant(() => goOn(served, -2 * hourMs));
      const refused = await served.ask();
      assert.deepEqual([refused.code, refused.retryAfter], ['rate_limit_exceeded', '3600']);
      const tray = trayOf(rig.engine);
      await rig.engine.handlers['accounts.clear']({ id: rig.engine.live.current().accounts[0]?.id ?? '' });
      return {
        sees: `${told(refused)} \`retry-after: 3600\`; the tray: ${tray}`,
        kept: `${await kept()} once the cooldown is cleared by hand`,
      };
    },
  },
  {
    fault: 'the machine sleeps for eight hours while an account cools down and tokens end',
    promise:
      'as it wakes, the cooldown is over by the clock, the token is renewed once, and the next request is served',
    async prove(plant) {
      await using served = await startServed();
      const kept = await served.remember();
      served.rig.emulator.inject({ on: 'generate', fault: faults.rateLimit });
      const refused = await served.ask();
      assert.equal(refused.code, 'rate_limit_exceeded');
      assert.deepEqual(served.states(), ['cooling']);
      const tray = trayOf(served.rig.engine);
      const before = served.renewals();
      plant(() => goOn(served, 8 * hourMs));
      assert.deepEqual(served.states(), ['ready']);
      const text = await kept();
      assert.equal(served.renewals() - before, 1);
      return {
        sees: `before: ${told(refused)}; the tray: ${tray}; after: 200, the whole answer`,
        kept: `${text}; one renewal of its token`,
      };
    },
  },
  {
    fault: 'the machine sleeps for eight hours in the middle of an answer, whose connection is gone as it wakes',
    promise: 'what came stays and the break is told; the token, which has ended meanwhile, is renewed once',
    async prove(plant) {
      await using wire = await startWire();
      await using served = await startServed({ dataPlane: `http://127.0.0.1:${wire.port}` });
      const kept = await served.remember();
      const before = served.renewals();
      let wake = (): void => {};
      wire.next((socket) => {
        socket.write(Buffer.concat([Buffer.from(head()), chunk(Buffer.concat([opening(), words('one ', 'two ')]))]));
        wake = () => socket.resetAndDestroy();
      });
      const begun = await served.begin();
      plant(() => goOn(served, 8 * hourMs));
      wake();
      const answer = await seen(begun);
      assert.deepEqual([answer.text, answer.code], ['one two ', 'broken_stream']);
      await until(async () => (await served.outcomes())[0] === 'broken-stream', 'the break is in the history');
      const text = await kept();
      assert.equal(served.renewals() - before, 1);
      return { sees: `"one two ", then ${told(answer)}`, kept: `${text}; history: \`broken-stream\`` };
    },
  },
];

/** Lets the clock jump, and tells the engine that the machine is awake, as the system does. @param ms negative for back */
function goOn({ rig }: Served, ms: number): void {
  rig.now += ms;
  rig.engine.wake();
}
