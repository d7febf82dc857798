import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import * as v from 'valibot';
import { until } from '../../proxy/serving.ts';
import type { PromiseRow } from './row.ts';
import { assertServes, seen, startServed, type Seen } from './served.ts';
import { told } from './told.ts';
import { chunk, head, opening, startWire, words, type Script } from './wire.ts';

/** The clock by which the HTTP library ends what has been silent; its own tests move it like this. */
const timers = v.parse(v.object({ tick: v.function() }), createRequire(import.meta.url)('undici/lib/util/timers.js'));
/** A little more than the silence that is borne (protocol §5.7). */
const tooLongMs = 302_000;

/** Connections to Kiro that stay open and say nothing. */
export const silences: readonly PromiseRow[] = [
  {
    fault: 'Kiro stalls before the head of its answer, for five minutes',
    promise: 'the connection is given up after 300 s and the request sent once more, as nothing had come',
    prove: stalled(undefined, (answer) => {
      assert.equal(answer.isWhole, true, JSON.stringify(answer));
      return { sees: '200, the whole answer, of the second send', outcome: 'served', sends: 2 };
    }),
  },
  {
    fault: 'Kiro stalls after two words, for five minutes',
    promise: 'the break is told after 300 s and the connection destroyed: half an answer never passes for a whole one',
    prove: stalled(Buffer.concat([opening(), words('one ', 'two ')]), (answer) => {
      const { text, code, isWhole } = answer;
      assert.deepEqual({ text, code, isWhole }, { text: 'one two ', code: 'broken_stream', isWhole: false });
      return { sees: `"one two ", then ${told(answer)}`, outcome: 'broken-stream', sends: 1 };
    }),
  },
  {
    fault: 'Kiro stalls, and the client leaves meanwhile',
    promise: "leaving ends Kiro's call at once, and costs the account nothing",
    async prove(plant) {
      await using wire = await startWire();
      await using served = await startServed({ dataPlane: `http://127.0.0.1:${wire.port}` });
      const silence = silenceAfter(undefined);
      plant(() => wire.next(silence.script));
      const leaving = new AbortController();
      const answered = served.begin('Say exactly hello', leaving.signal);
      answered.catch(() => {});
      await until(() => silence.hasBegun, 'Kiro is silent');
      leaving.abort();
      await assert.rejects(answered);
      await until(() => wire.open === 0, "Kiro's call is ended");
      await assertServes(served);
      assert.equal(wire.asked, 2);
      assert.deepEqual(await served.outcomes(), ['served', 'client-left']);
      return { sees: 'nothing: it has left', kept: 'login ready, next request served; history: `client-left`' };
    },
  },
];

/** Lets five minutes pass as soon as the host has fallen silent. @param said what it says before, after its head */
function stalled(
  said: Buffer | undefined,
  check: (answer: Seen) => { readonly sees: string; readonly outcome: string; readonly sends: number },
): PromiseRow['prove'] {
  return async (plant) => {
    await using wire = await startWire();
    await using served = await startServed({ dataPlane: `http://127.0.0.1:${wire.port}` });
    const silence = silenceAfter(said);
    plant(() => wire.next(silence.script));
    const answered = served.begin();
    await until(() => silence.hasBegun, 'Kiro is silent');
    if (said) await answered;
    // A timer that is new begins to count at the next tick.
    timers.tick(0);
    timers.tick(tooLongMs);
    const { sees, outcome, sends } = check(await seen(await answered));
    await until(() => wire.open === 0, 'the silent connection is gone');
    assert.equal(wire.asked, sends);
    assert.deepEqual(await served.outcomes(), [outcome]);
    await assertServes(served);
    return { sees, kept: `login ready, next request served; history: \`${outcome}\`` };
  };
}

/** A host that says no more than this, and keeps the connection. */
function silenceAfter(said: Buffer | undefined): { readonly script: Script; readonly hasBegun: boolean } {
  let hasBegun = false;
  return {
    get hasBegun() {
      return hasBegun;
    },
    script(socket) {
      if (said) socket.write(Buffer.concat([Buffer.from(head()), chunk(said)]));
      hasBegun = true;
    },
  };
}
