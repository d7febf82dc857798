import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { statusLine } from '../../../main/words.ts';
import { command } from '../../support/command.ts';
import type { PromiseRow } from './row.ts';
import { environmentOf, post, seen, startServed } from './served.ts';
import { refusalOf, said } from './told.ts';
import { listening } from './wire.ts';

/** Somebody has the port, or the folder, that the pool wants. */
export const placeFaults: readonly PromiseRow[] = [
  {
    fault: 'another program has the port',
    promise: 'the next free port is taken and named, by the command, the doctor and the screens',
    prove: nextPort(takePort),
  },
  {
    fault: 'another Kiro Pool, on another folder, has the port',
    promise: 'the next free port is taken and named; both serve, each with its own key',
    prove: nextPort(async () => {
      const other = await startServed();
      const port = Number(new URL(other.url).port);
      return { port, [Symbol.asyncDispose]: () => other[Symbol.asyncDispose]() };
    }),
  },
  {
    fault: 'the port and the next twenty are all taken',
    promise: 'the start is refused in words, and nothing is lost',
    async prove(plant) {
      await using taken = new AsyncDisposableStack();
      const first = await takeRow(taken);
      await using served = await startServed();
      const kept = await served.remember();
      const env = environmentOf(served);
      await served.rig.engine.close();
      const error = refusalOf(await command(env, 'serve', '--json', '--port', String(plant(() => first) ?? 0)));
      assert.equal(error.code, 'cannot-listen');
      assert.ok(error.message.includes(`port ${first} and the next 20 are taken`), error.message);
      await served.restart();
      return { sees: `exit code 1, ${said(error)}`.replace(String(first), '<port>'), kept: await kept() };
    },
  },
  {
    fault: 'a second Kiro Pool is started on the same folder',
    promise: 'the second is refused in words that name the first, whatever port it wants, and the first goes on',
    async prove(plant) {
      await using served = await startServed();
      const kept = await served.remember();
      const port = new URL(served.url).port;
      const env = plant(() => environmentOf(served)) ?? {
        ...environmentOf(served),
        KIRO_POOL_DATA_DIR: served.rig.folder.file('other'),
      };
      const error = refusalOf(await command(env, 'serve', '--json', '--port', port));
      assert.equal(error.code, 'folder-in-use');
      assert.match(error.message, new RegExp(`process ${process.pid}\\b`));
      return { sees: `exit code 1, ${said(error)}`, kept: await kept() };
    },
  },
];

/** @param take takes a port, as the fault says */
function nextPort(take: () => Promise<{ readonly port: number } & AsyncDisposable>): PromiseRow['prove'] {
  return async (plant) => {
    await using served = await startServed();
    const kept = await served.remember();
    const { rig } = served;
    await rig.engine.close();
    await using taken = await take();
    const wanted = plant(() => taken.port) ?? 0;
    const { out } = await command(environmentOf(served), 'serve', '--port', String(wanted));
    const line = out.split('\n').find((each) => each.includes('is taken')) ?? '';
    assert.equal(line, `Port ${taken.port} is taken; this is the next free one.`);
    await rig.restart();
    const url = await rig.engine.serve({ host: '127.0.0.1', port: wanted, allowLan: false });
    const { port } = new URL(url);
    const { handlers, live } = rig.engine;
    assert.equal(live.current().endpoint.takenPort, taken.port);
    const check = (await handlers.doctor({})).find(({ name }) => name === 'Port');
    assert.equal(check?.detail, `Port ${taken.port} is taken by another program; the endpoint listens on ${port}.`);
    assert.ok(statusLine(live.current()).includes(`127.0.0.1:${port} `));
    assert.equal((await seen(await post({ url, key: served.key }))).isWhole, true);
    await served.restart();
    const named = (text: string): string =>
      text.replaceAll(String(taken.port), '<port>').replaceAll(port, '<next port>');
    return { sees: `"${named(line)}"; the doctor: "${named(check.detail)}"`, kept: await kept() };
  };
}

function takePort(port = 0): Promise<{ readonly port: number } & AsyncDisposable> {
  return listening(createServer(), port);
}

/** Takes twenty-one ports in a row. @returns the first */
async function takeRow(taken: AsyncDisposableStack): Promise<number> {
  const { port } = taken.use(await takePort());
  for (let next = port + 1; next <= port + 20; next += 1) {
    // Whoever has it already serves as well.
    const other = await takePort(next).catch(() => undefined);
    if (other) taken.use(other);
  }
  return port;
}
