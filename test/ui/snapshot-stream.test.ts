import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Snapshot } from '../../app/contract.ts';
import { Live } from '../../app/live.ts';
import { streamSnapshots } from '../../app/ui/snapshot-stream.ts';
import { HandTimers } from '../live/timers.ts';
import { startRig } from '../support/engine.ts';

let base: Omit<Snapshot, 'rev'>;

beforeAll(async () => {
  await using rig = await startRig();
  const { rev: _, ...rest } = rig.engine.live.current();
  base = rest;
});

const server = createServer();
afterAll(() => server.close());

/** A live engine whose time stands still, and a browser that listens to it over a real socket. */
async function setUp(sentence: () => string) {
  const timers = new HandTimers(base.at);
  const live = new Live({
    make: () => ({ ...base, at: timers.now, problems: [sentence()] }),
    now: () => timers.now,
    after: timers.after,
  });
  if (!server.listening) await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const accepted = Promise.withResolvers<{ response: ServerResponse; stream: Disposable }>();
  server.once('request', (_request, response: ServerResponse) => {
    accepted.resolve({ response, stream: streamSnapshots(response, { live, after: timers.after }) });
  });
  const outgoing = request({ host: '127.0.0.1', port, agent: false });
  outgoing.on('error', () => undefined);
  const answered = new Promise<IncomingMessage>((resolve) => outgoing.once('response', resolve));
  outgoing.end();
  const browser = await answered;
  return { timers, live, browser, outgoing, ...(await accepted.promise) };
}

/** The first sentence of each snapshot in a text of events. */
function sentencesIn(text: string): string[] {
  return text
    .split('\n\n')
    .filter((event) => event.startsWith('event: snapshot\ndata: '))
    .map((event) => {
      const { problems }: Snapshot = JSON.parse(event.slice('event: snapshot\ndata: '.length));
      return problems[0]?.slice(0, 8) ?? '';
    });
}

test('a browser that does not keep up gets the newest when it has caught up, and none in between', async () => {
  let count = 0;
  // Large enough to fill every buffer on the way in a few.
  const padding = 'x'.repeat(4 * 1024 * 1024);
  const { timers, live, browser, stream, response } = await setUp(() => `${String(count).padStart(8, '0')}${padding}`);
  browser.pause();
  for (count = 1; count < 50; count += 1) {
    live.changed();
    timers.pass(250);
  }
  expect(response.writableLength).toBeLessThan(3 * padding.length);
  let text = '';
  browser.setEncoding('utf8');
  const newest = new Promise<void>((resolve) => {
    browser.on('data', (part: string) => {
      text += part;
      if (text.includes('00000049') && text.endsWith('\n\n')) resolve();
    });
  });
  browser.resume();
  await newest;
  stream[Symbol.dispose]();
  const sentences = sentencesIn(text);
  expect(sentences.at(-1)).toBe('00000049');
  expect(sentences.length).toBeLessThan(10);
});

test('a silent stream gives a sign of life every 15 seconds', async () => {
  const { timers, browser, stream } = await setUp(() => 'Nothing happens.');
  let text = '';
  browser.setEncoding('utf8').on('data', (part: string) => (text += part));
  for (let beat = 0; beat < 4; beat += 1) timers.pass(15_000);
  stream[Symbol.dispose]();
  await once(browser, 'end');
  expect(text.split(':\n\n').length - 1).toBe(4);
  expect(sentencesIn(text)).toHaveLength(1);
});

test('a browser that goes takes its timers and its subscription along', async () => {
  let made = 0;
  const { timers, live, outgoing, response } = await setUp(() => String((made += 1)));
  const closed = once(response, 'close');
  outgoing.destroy();
  await closed;
  timers.pass(300);
  const before = made;
  live.changed();
  timers.pass(60_000);
  expect(made).toBe(before);
  expect(timers.count).toBe(0);
});
