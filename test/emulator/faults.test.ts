import { describe, expect, it } from 'vitest';
import { faults, startEmulator, type Fault } from './emulator.ts';
import { arrayOf, objectOf, parseJson } from './json.ts';
import { decode, fixtureBytes, generate, post } from './support.ts';

describe('injected faults', () => {
  it('every recorded error can be injected under a name', async () => {
    const named = Object.values<Fault>(faults).filter((fault) => fault.kind === 'http');
    const recorded = ['errors.json', 'refresh_errors.json'].flatMap((name) =>
      arrayOf(parseJson(fixtureBytes(name).toString('utf8'))),
    );
    for (const one of recorded.map((entry) => objectOf(entry))) {
      if (one['content_type'] === 'text/html') continue;
      const match = named.find(
        (fault) => fault.status === one['status'] && JSON.stringify(fault.body) === JSON.stringify(one['body']),
      );
      expect({ one, isNamed: match !== undefined }).toEqual({ one, isNamed: true });
    }
  });

  it('hit whom they shall, as often as they shall', async () => {
    await using emulator = await startEmulator();
    const [one, two] = [emulator.addAccount({ kind: 'social' }), emulator.addAccount({ kind: 'social' })];
    const fault = emulator.inject({ on: 'generate', account: one.id, times: 2, fault: faults.rateLimitRetryAfter });
    const login = one.newLogin();
    const first = await generate(emulator, one, login);
    expect([first.status, first.headers.get('retry-after'), first.body['retryAfterMilliseconds']]).toEqual([
      429,
      '2',
      2000,
    ]);
    expect(first.headers.get('x-amzn-errortype')).toMatch(/^ThrottlingException/);
    expect((await generate(emulator, two, two.newLogin())).status).toBe(200);
    expect((await generate(emulator, one, login)).status).toBe(429);
    expect((await generate(emulator, one, login)).status).toBe(200);
    expect(fault.hits).toBe(2);
    emulator.inject({ on: 'generate', times: 'always', fault: faults.highLoad }).clear();
    expect((await generate(emulator, one, login)).status).toBe(200);
  });

  it('break streams where they are told to', async () => {
    await using emulator = await startEmulator();
    const account = emulator.addAccount({ kind: 'social' });
    const login = account.newLogin();
    const ask = async (fault: Fault): Promise<string[]> => {
      emulator.inject({ on: 'generate', fault });
      const { bytes } = await generate(emulator, account, login);
      return decode(bytes).map((frame) => frame.headers[':event-type'] ?? frame.headers[':exception-type'] ?? '');
    };
    expect(await ask(faults.throttledMidStream)).toEqual([
      'messageMetadataEvent',
      'assistantResponseEvent',
      'ThrottlingException',
    ]);
    expect(await ask(faults.internalErrorFirst)).toEqual(['InternalServerException']);
    expect(await ask(faults.truncated)).toHaveLength(2);
    expect(await ask(faults.emptyAnswer)).toEqual([]);
    expect(await ask(faults.noMetadata)).toEqual(['messageMetadataEvent', 'assistantResponseEvent']);
    expect(await ask({ kind: 'slow', ms: 2 })).toHaveLength(5);
    await expect(ask(faults.resetMidStream)).rejects.toThrow(/fetch failed|terminated|truncated/i);
    await expect(ask(faults.resetBeforeAnswer)).rejects.toThrow(/fetch failed|terminated|truncated/i);
    expect(emulator.journal.every((entry) => !entry.aborted)).toBe(true);
  });

  it('a stall holds the stream open until the client leaves', async () => {
    await using emulator = await startEmulator();
    const account = emulator.addAccount({ kind: 'social' });
    const login = account.newLogin();
    emulator.inject({ on: 'generate', fault: faults.stallMidStream });
    const reply = generate(emulator, account, login);
    const outcome = await Promise.race([
      reply.catch(() => 'failed'),
      new Promise((resolve) => setTimeout(resolve, 80, 'waiting')),
    ]);
    expect(outcome).toBe('waiting');
    await emulator.close();
    await expect(reply).rejects.toThrow(/fetch failed|terminated|truncated/i);
  });
});

describe('the control surface', () => {
  it('does over HTTP what the functions do', async () => {
    await using emulator = await startEmulator();
    const call = async (name: string, body: object = {}): Promise<Record<string, unknown>> => ({
      ...(await post(`${emulator.url}/__emulator/${name}`, body)).body,
    });
    const account = await call('add-account', { kind: 'social', id: 'mine', used: 5 });
    expect(account).toMatchObject({ id: 'mine', kind: 'social' });
    await call('inject', { on: 'generate', fault: 'monthlyQuota' });
    const own = emulator.account('mine');
    expect((await generate(emulator, own, own.newLogin())).status).toBe(402);
    expect(await call('fault-hits', { fault: 0 })).toEqual({ hits: 1 });
    await call('script', { answers: [{ bytesBase64: fixtureBytes('stream_text.bin').toString('base64') }] });
    expect((await generate(emulator, own, own.newLogin())).bytes.equals(fixtureBytes('stream_text.bin'))).toBe(true);
    await call('suspend', { id: 'mine' });
    expect((await generate(emulator, own, own.newLogin())).status).toBe(403);
    expect((await call('inject', { on: 'generate', fault: 'nonsense' }))['error']).toMatch(/nonsense/);
    expect((await call('statistics'))['requests']).toBe(3);
    expect(emulator.journal.at(-1)?.headerNames).toContain('authorization');
    const journal = JSON.stringify(emulator.journal);
    for (const secret of emulator.issuedSecrets()) expect(journal).not.toContain(secret);
  });
});
