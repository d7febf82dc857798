import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import * as v from 'valibot';
import type { PromiseRow } from './row.ts';
import { assertServes, seen, startServed, told } from './served.ts';
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
    prove: () =>
      stalled(
        () => {},
        async (answered) => {
          const answer = await seen(await answered);
          assert.equal(answer.isWhole, true, JSON.stringify(answer));
          return { sees: '200, the whole answer, of the second send', outcome: 'served' };
        },
      ),
  },
  {
    fault: 'Kiro stalls after two words, for five minutes',
    promise: 'the break is told after 300 s and the connection destroyed: half an answer never passes for a whole one',
    prove: () =>
      stalled(
        (socket) => {
          socket.write(Buffer.concat([Buffer.from(head()), chunk(Buffer.concat([opening(), words('one ', 'two ')]))]));
        },
        async (answered) => {
          const answer = await seen(await answered);
          assert.equal(answer.text, 'one two ');
          assert.equal(answer.code, 'broken_stream');
          assert.equal(answer.isWhole, false);
          return { sees: `"one two ", then ${told(answer)}`, outcome: 'broken-stream' };
        },
      ),
  },
  {
    fault: 'Kiro stalls, and the client leaves meanwhile',
    promise: "leaving ends Kiro's call at once, and costs the account nothing",
    async prove() {
      await using wire = await startWire();
      await using served = await startServed({ dataPlane: `http://127.0.0.1:${wire.port}` });
      const stalls = Promise.withResolvers<undefined>();
      const hungUp = Promise.withResolvers<undefined>();
      wire.next((socket) => {
        socket.once('close', () => hungUp.resolve(undefined));
        stalls.resolve(undefined);
      });
      const leaving = new AbortController();
      const answered = served.begin('Say exactly hello', leaving.signal);
      await stalls.promise;
      leaving.abort();
      await assert.rejects(answered);
      await hungUp.promise;
      await assertServes(served);
      assert.deepEqual(await served.outcomes(), ['served', 'client-left']);
      return { sees: 'nothing: it has left', kept: 'login ready, next request served; history: `client-left`' };
    },
  },
];

/** Lets five minutes pass as soon as the host has fallen silent. */
async function stalled(
  script: Script,
  observe: (answered: Promise<Response>) => Promise<{ readonly sees: string; readonly outcome: string }>,
): ReturnType<PromiseRow['prove']> {
  await using wire = await startWire();
  await using served = await startServed({ dataPlane: `http://127.0.0.1:${wire.port}` });
  const silent = Promise.withResolvers<undefined>();
  wire.next(async (socket) => {
    await script(socket);
    silent.resolve(undefined);
    await once(socket, 'close');
  });
  const answered = served.begin();
  await silent.promise;
  if (script.length > 0) await answered;
  // A timer that is new begins to count at the next tick.
  timers.tick(0);
  timers.tick(tooLongMs);
  const { sees, outcome } = await observe(answered);
  assert.deepEqual(await served.outcomes(), [outcome]);
  await assertServes(served);
  return { sees, kept: `login ready, next request served; history: \`${outcome}\`` };
}
