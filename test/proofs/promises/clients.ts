import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { rssKb } from '../../bench/process-stat.ts';
import { until } from '../../proxy/serving.ts';
import { start, urlOf } from '../../support/command.ts';
import { startForm } from '../../support/form.ts';
import type { Endpoint } from '../client.ts';
import { belongingsBy, compare } from './belongings.ts';
import type { PromiseRow } from './row.ts';
import { assertServes, post, seen, sendTurnsTo, startServed } from './served.ts';
import { chunk, head, opening, startWire, words, type Script } from './wire.ts';

const mebibyte = 1024 * 1024;

/** What clients may do to the pool. */
export const clientFaults: readonly PromiseRow[] = [
  {
    fault: 'a client stops reading in the middle of an endless answer',
    promise:
      'Kiro is not read either once the buffers between are full, and memory stays bounded; others are served meanwhile',
    async prove(plant) {
      await using wire = await startWire();
      await using form = await startForm('idle');
      const { env, rig } = form;
      sendTurnsTo(rig, `http://127.0.0.1:${wire.port}`);
      const before = await belongingsBy(env);
      await using serve = start({ ...process.env, ...env }, 'serve', '--json', '--port', '0');
      const url = await urlOf(serve);
      const memory = (): number => rssKb(serve.child.pid ?? 0) / 1024;
      if (Number.isNaN(memory())) return { skipped: 'this system does not tell the memory of another process' };
      const isServed = async (): Promise<boolean> => (await seen(await post({ url, key: before.key }))).isWhole;
      for (let turn = 0; turn < 20; turn += 1) assert.ok(await isServed());
      const memoryBefore = memory();
      const answer = endless();
      wire.next(answer.script);
      const client = ask({ url, key: before.key });
      const readsNothing = plant(() => true) ?? false;
      if (!readsNothing) client.resume();
      let [taken, quietLooks] = [0, 0];
      await until(async () => {
        assert.ok(await isServed());
        const isHeldBack = answer.written() === taken && answer.isWaiting();
        taken = answer.written();
        assert.ok(taken < 64 * mebibyte, `${taken} bytes were taken from Kiro`);
        quietLooks = isHeldBack ? quietLooks + 1 : 0;
        return quietLooks === 20;
      }, 'Kiro is held back');
      const grown = memory() - memoryBefore;
      assert.ok(grown < 32, `the process has grown by ${grown} MiB`);
      client.destroy();
      await until(() => wire.open === 0, "Kiro's call ends with its client");
      const hasLeft = async (): Promise<boolean> =>
        (await belongingsBy(env)).requests.some(({ outcome }) => outcome === 'client-left');
      await until(hasLeft, 'the request is in the history');
      return {
        sees: 'the others: 200, the whole answer',
        kept: `${compare(before, await belongingsBy(env))}; the process has grown by less than 32 MiB, and less than 64 MiB were taken from Kiro, most of it in the buffers of sockets; history: \`client-left\``,
      };
    },
  },
  {
    fault: 'a thousand clients wait for an answer, and all leave at once',
    promise: "each of Kiro's calls is ended, those that waited for their turn are never sent, and nothing is left over",
    async prove(plant) {
      await using wire = await startWire();
      const specs = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ kind: 'social', id }) as const);
      await using served = await startServed({ dataPlane: `http://127.0.0.1:${wire.port}`, specs });
      await served.rig.engine.handlers['settings.set']({ key: 'concurrency', value: '20' });
      const kept = await served.remember();
      wire.next(...Array.from({ length: 100 }, (): Script => () => {}));
      const clients = Array.from({ length: 1000 }, () => ask(served));
      await until(async () => (await inFlight(served)) === 1000 && wire.asked === 100, 'all wait', 15_000);
      plant(() => clients.forEach((client) => client.resetAndDestroy()));
      await until(async () => (await inFlight(served)) === 0 && wire.open === 0, 'nothing is left', 10_000);
      const outcomes = async (): Promise<string[]> =>
        (await served.rig.engine.handlers.requests({ last: 2000 })).map(({ outcome }) => outcome);
      await until(async () => (await outcomes()).length === 1000, 'each is in the history');
      assert.deepEqual(new Set(await outcomes()), new Set(['client-left']));
      assert.equal(wire.asked, 100);
      const { accounts } = served.rig.engine.live.current();
      assert.deepEqual(new Set(accounts.map((account) => account.inFlight)), new Set([0]));
      return {
        sees: 'nothing: they have left',
        kept: `${await kept()}; no connection, no request in flight; history: 1,000 × \`client-left\``,
      };
    },
  },
  {
    fault: 'a client closes its side of the connection (FIN) while it is answered',
    promise: "it counts as left: Kiro's call is ended",
    async prove(plant) {
      await using wire = await startWire();
      await using served = await startServed({ dataPlane: `http://127.0.0.1:${wire.port}` });
      wire.next((socket) => {
        socket.write(Buffer.concat([Buffer.from(head()), chunk(Buffer.concat([opening(), words('one ')]))]));
      });
      const client = ask(served);
      await once(client, 'data');
      plant(() => client.end());
      await until(() => wire.open === 0, "Kiro's call ends");
      await until(async () => (await served.outcomes()).length > 0, 'the request is in the history');
      assert.deepEqual(await served.outcomes(), ['client-left']);
      await assertServes(served);
      client.destroy();
      return { sees: 'nothing: it has left', kept: 'login ready, next request served; history: `client-left`' };
    },
  },
];

/** Asks over a socket that reads nothing until it is told to. */
function ask({ url, key }: Endpoint): Socket {
  const body = JSON.stringify({
    model: 'claude-sonnet-5',
    stream: true,
    messages: [{ role: 'user', content: 'Go on for ever' }],
  });
  const lines = [
    'POST /v1/chat/completions HTTP/1.1',
    'host: 127.0.0.1',
    `authorization: Bearer ${key}`,
    `x-session-id: ${randomUUID()}`,
    `content-length: ${body.length}`,
  ];
  const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {});
  socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
  return socket;
}

/** An answer of 256 MiB, as fast as it is read. */
function endless(): { readonly script: Script; written(): number; isWaiting(): boolean } {
  const piece = chunk(words('x'.repeat(16 * 1024)));
  let written = 0;
  let isWaiting = false;
  return {
    written: () => written,
    isWaiting: () => isWaiting,
    async script(socket) {
      socket.write(head());
      while (written < 256 * mebibyte) {
        written += piece.length;
        if (socket.write(piece)) continue;
        isWaiting = true;
        await once(socket, 'drain');
        isWaiting = false;
      }
    },
  };
}

/** Requests that are being answered, as the endpoint itself tells. */
async function inFlight({ url, key }: Endpoint): Promise<number> {
  const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${key}` } });
  return Number(/^kiro_pool_requests_in_flight (\d+)$/m.exec(await answer.text())?.[1]);
}
