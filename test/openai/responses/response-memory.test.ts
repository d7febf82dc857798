import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { deleteResponse, inputItemList, showResponse } from '../../../app/openai/responses/kept-responses.ts';
import { ResponseMemory } from '../../../app/openai/responses/response-memory.ts';
import type { ResponseObject } from '../../../app/openai/responses/response.ts';
import { end, text } from '../../conversation/samples.ts';
import { now, requested } from './answering.ts';
import { readStream } from './stream-grammar.ts';

/** Keeps one answer under an id of its own. */
function keep(memory: ResponseMemory, digit: string, members: Readonly<Record<string, unknown>> = {}): ResponseObject {
  const stream = requested(members, memory).stream({ id: digit.repeat(32), requestId: 'req_1', at: now });
  return readStream(stream.write([text('Yes.'), end('stop')]));
}

test.each([0, 1, 100])(
  'a long conversation is there, or forgotten, %i turns of the loop after it was kept',
  async (turns) => {
    const memory = new ResponseMemory(() => now);
    const { id, ...response } = keep(memory, 'a');
    const items = Array.from({ length: 60 }, (_, index) => ({
      role: 'user',
      content: `${index}${'長い"'.repeat(20_000)}`,
    }));
    const [found, forgotten] = [`${id}1`, `${id}2`];
    for (const each of [found, forgotten]) memory.keep({ response: { ...response, id: each }, items, inherited: 3 });
    for (let turn = 0; turn < turns; turn += 1) await setImmediate();
    expect(memory.forget(forgotten)).toBe(true);
    expect(memory.find(found)).toEqual({ response: { ...response, id: found }, items, inherited: 3 });
    for (let turn = 0; turn < 100; turn += 1) await setImmediate();
    expect(memory.find(found)?.items).toEqual(items);
    expect(memory.find(forgotten)).toBeUndefined();
  },
);

const firstPage = { order: null, after: null, limit: null };

test('what is kept is given back as it was told', () => {
  const memory = new ResponseMemory(() => now);
  const response = keep(memory, 'a');
  expect(showResponse(memory, response.id)).toEqual(response);
});

test('no more than so many bytes are kept, the newest', () => {
  // What each takes besides its JSON counts, too.
  const size = sizeOfOne() + 500;
  const memory = new ResponseMemory(() => now, { maxBytes: size * 2 });
  const ids = ['a', 'b', 'c'].map((digit) => keep(memory, digit).id);
  expect(ids.map((id) => memory.find(id) !== undefined)).toEqual([false, true, true]);
  const large = keep(memory, 'd', { input: 'x'.repeat(size * 2) });
  expect(memory.find(large.id)).toBeUndefined();
  expect(keep(memory, 'e').id).toBe(memory.find(`resp_${'e'.repeat(32)}`)?.response['id']);
});

test('what is kept takes as much memory as it counts, whatever else is allocated between', async () => {
  setFlagsFromString('--expose-gc');
  const sweep: () => void = runInNewContext('gc');
  // The second one waits for what the first has set free.
  const collect = (): void => {
    sweep();
    sweep();
  };
  const memory = new ResponseMemory(() => now);
  const { id, ...response } = keep(memory, 'a');
  collect();
  const before = process.memoryUsage().arrayBuffers;
  const count = 500;
  for (let index = 0; index < count; index += 1) {
    memory.keep({ response: { id: `${id}${index}`, ...response }, items: [], inherited: 0 });
    await setImmediate();
    // What runs between two answers: short buffers, which Node cuts from shared slabs.
    for (let times = 0; times < 30; times += 1) Buffer.from('x'.repeat(2_000));
  }
  collect();
  const taken = process.memoryUsage().arrayBuffers - before;
  expect(memory.find(`${id}0`)).toBeDefined();
  expect(taken).toBeLessThan(2 * count * sizeOfOne());
});

test('an answer does not wait until its conversation is written down, and is found all the same', async () => {
  const memory = new ResponseMemory(() => now);
  let written = 0;
  const keepCounted = (digit: string): string => {
    const response = { ...keep(new ResponseMemory(() => now), digit) };
    const item = {
      get text() {
        written += 1;
        return 'A long conversation.';
      },
    };
    memory.keep({ response, items: [item], inherited: 0 });
    return response.id;
  };
  const [first, second] = [keepCounted('a'), keepCounted('b')];
  expect(written).toBe(0);
  expect(memory.find(first)?.items).toEqual([{ text: 'A long conversation.' }]);
  expect(memory.find(second)?.items).toEqual([{ text: 'A long conversation.' }]);
  expect(written).toBe(2);
  const third = keepCounted('c');
  await setImmediate();
  expect(written).toBe(3);
  expect(memory.forget(third)).toBe(true);
  expect(memory.forget(keepCounted('d'))).toBe(true);
  await setImmediate();
  expect(written).toBe(3);
});

test('nothing is kept longer than it should', () => {
  let at = now;
  const memory = new ResponseMemory(() => at, { maxAgeMs: 1_000 });
  const { id } = keep(memory, 'a');
  at += 1_000;
  expect(memory.find(id)).toBeDefined();
  at += 1;
  expect(memory.find(id)).toBeUndefined();
});

test('what is deleted is gone', () => {
  const memory = new ResponseMemory(() => now);
  const { id } = keep(memory, 'a');
  expect(deleteResponse(memory, id)).toEqual({ id, object: 'response', deleted: true });
  expect(() => deleteResponse(memory, id)).toThrow('not found');
  expect(() => showResponse(memory, id)).toThrow('not found');
});

test('the items of a request are listed with ids and parts, page by page, without those of earlier requests', () => {
  const memory = new ResponseMemory(() => now);
  const first = keep(memory, 'a');
  const input = [
    { role: 'user', content: 'one' },
    { role: 'assistant', content: 'two' },
    { type: 'function_call', id: 'fc_client', call_id: 'call_1', name: 'read', arguments: '{}' },
  ];
  const { id } = keep(memory, 'b', { input, previous_response_id: first.id });
  const suffix = `${'b'.repeat(32)}i`;
  const items = [
    expect.objectContaining({ id: `message_${suffix}0`, content: [{ type: 'input_text', text: 'one' }] }),
    expect.objectContaining({ id: `message_${suffix}1`, content: [expect.objectContaining({ type: 'output_text' })] }),
    expect.objectContaining({ id: 'fc_client', type: 'function_call', status: 'completed' }),
  ];
  expect(inputItemList(memory, id, { ...firstPage, order: 'asc' })).toEqual({
    object: 'list',
    data: items,
    first_id: `message_${suffix}0`,
    last_id: 'fc_client',
    has_more: false,
  });
  expect(inputItemList(memory, id, { ...firstPage, limit: '2' })).toMatchObject({
    data: [items[2], items[1]],
    has_more: true,
  });
  expect(inputItemList(memory, id, { ...firstPage, after: `message_${suffix}1` })).toMatchObject({
    data: [items[0]],
    has_more: false,
  });
  expect(() => inputItemList(memory, id, { ...firstPage, limit: '0' })).toThrow('limit must be');
});

function sizeOfOne(): number {
  const memory = new ResponseMemory(() => now);
  const { id } = keep(memory, 'a');
  return Buffer.byteLength(JSON.stringify(memory.find(id)));
}
