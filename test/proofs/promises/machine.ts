import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { openEngine } from '../../../app/engine.ts';
import type { PromiseRow } from './row.ts';
import { assertServes, startServed, undated } from './served.ts';
import { portOf } from './wire.ts';

const hourMs = 3_600_000;

/** What may befall the machine that the pool runs on. */
export const machineFaults: readonly PromiseRow[] = [
  ...[
    { fault: 'the clock jumps two hours forward, past the end of every access token', hours: 2, renewals: 1 },
    { fault: 'the clock jumps two hours back', hours: -2, renewals: 0 },
  ].map(({ fault, hours, renewals }) => ({
    fault,
    promise:
      'the next request is served; a token is renewed once when its time is over by the new clock, and else never',
    async prove() {
      await using served = await startServed();
      await assertServes(served);
      const { rig } = served;
      const before = served.renewals();
      rig.now += hours * hourMs;
      rig.engine.wake();
      const answer = await served.ask();
      assert.equal(answer.isWhole, true, JSON.stringify(answer));
      await assertServes(served);
      const after = served.renewals();
      assert.equal(after - before, renewals);
      assert.deepEqual(served.states(), ['ready']);
      return { sees: '200, the whole answer', kept: `the login (${renewals} renewals), the account is ready` };
    },
  })),
  {
    fault: 'a second Kiro Pool is started on the same folder',
    promise: 'the second is refused in words, and the first goes on',
    async prove() {
      await using served = await startServed();
      const { rig } = served;
      const error: unknown = await openEngine({ dataDir: rig.folder.file('data'), env: rig.env, log: () => {} }).catch(
        (cause: unknown) => cause,
      );
      assert.ok(error instanceof Error);
      await assertServes(served);
      return { sees: `the second ends: "${undated(error.message)}"`, kept: 'the first serves, with its logins' };
    },
  },
  {
    fault: 'another program has the port',
    promise: 'the next free port is taken and named',
    async prove() {
      await using served = await startServed();
      const other = createServer();
      try {
        other.listen(0, '127.0.0.1');
        await once(other, 'listening');
        const port = portOf(other.address());
        await served.rig.restart();
        const url = await served.rig.engine.serve({ host: '127.0.0.1', port, allowLan: false });
        assert.notEqual(new URL(url).port, String(port));
        const { takenPort } = served.rig.engine.live.current().endpoint;
        assert.equal(takenPort, port);
        return {
          sees: 'the next port, and a note that another program has the wanted one',
          kept: 'logins and history',
        };
      } finally {
        other.close();
      }
    },
  },
];
