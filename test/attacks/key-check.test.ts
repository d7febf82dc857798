/** What the time of an answer could tell of a secret. `node test/bench/key-check.ts` measures it; here is why it cannot. */
import type * as crypto from 'node:crypto';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, test, vi } from 'vitest';
import { askOwner } from '../../app/control/control-client.ts';
import { toCommandError } from '../../app/control/control-contract.ts';
import { readOwner } from '../../app/store/owner.ts';
import { startServing } from '../proxy/serving.ts';
import { startForm } from '../support/form.ts';

/** What was compared in constant time, in order: what was shown to us, and what we know. */
const compared = vi.hoisted((): [shown: string, known: string][] => []);

vi.mock('node:crypto', async (original) => {
  const real = await original<typeof crypto>();
  const timingSafeEqual: typeof real.timingSafeEqual = (shown, known) => {
    compared.push([hex(shown), hex(known)]);
    return real.timingSafeEqual(shown, known);
  };
  return { ...real, timingSafeEqual };
});

function hex(bytes: NodeJS.ArrayBufferView): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** As long and nearly right, only begun, too long, of another length, and nothing like it. */
const oddOnes = (secret: string): string[] => [
  `${secret.slice(0, -1)}${secret.endsWith('x') ? 'y' : 'x'}`,
  `x${secret.slice(1)}`,
  secret.slice(0, 8),
  `${secret}x`,
  'x',
  'y'.repeat(4_000),
];

const read = (path: string): Promise<string> => readFile(path, 'utf8');

describe('a secret that is shown to us', () => {
  test('is compared by its hash with that of every key, whatever it is and wherever it would be found', async () => {
    await using serving = await startServing();
    const keys = [serving.key];
    for (const name of ['second', 'third']) keys.push((await serving.engine.handlers['keys.create']({ name })).key);
    for (const [presented, status] of [
      ...keys.map((key) => [key, 200] as const),
      ...oddOnes(serving.key).map((odd) => [odd, 401] as const),
    ]) {
      compared.length = 0;
      const answer = await fetch(`${serving.url}/v1/models`, { headers: { 'x-api-key': presented } });
      await answer.arrayBuffer();
      expect(answer.status).toBe(status);
      expect(compared).toEqual(keys.map((key) => [sha256(presented), sha256(key)]));
    }
  });

  test('is compared so at the socket of the commands, too', async () => {
    await using form = await startForm('serving');
    const owner = await readOwner(form.rig.folder.file('data'));
    const { socket = '', token = '' } = owner ?? {};
    for (const presented of [token, ...oddOnes(token)]) {
      compared.length = 0;
      const answered = await askOwner({ socket, token: presented }, 'status', {}).then(
        () => 'answered',
        (error: unknown) => toCommandError(error).code,
      );
      expect(answered).toBe(presented === token ? 'answered' : 'wrong-token');
      expect(compared).toEqual([[sha256(presented), sha256(token)]]);
    }
  });

  test('is looked up by its hash where it is a link or a session', async () => {
    const source = await read('app/ui/admission.ts');
    expect(source).toMatch(/#codes\.get\(hash\)/);
    expect(source).toMatch(/#sessions\.has\(hashOf\(id\)\)/);
    expect(source).not.toMatch(/#(?:codes|sessions)\.(?:get|has|set|add)\((?:code|id|session)\b/);
  });

  test('is compared nowhere else: no other file of the doors knows one', async () => {
    for (const path of ['app/proxy/guard.ts', 'app/proxy/server.ts', 'app/ui/ui.ts', 'app/ui/visitor.ts']) {
      expect(await read(path)).not.toMatch(
        /(?:presented|bearer|apiKey|token|session) (?:===|!==) (?!undefined|'string')/,
      );
    }
  });
});
