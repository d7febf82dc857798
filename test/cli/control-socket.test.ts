import { readFileSync, statSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { askOwner } from '../../app/control/control-client.ts';
import { readOwner } from '../../app/store/owner.ts';
import { writeCliStore } from '../emulator/cli-store.ts';
import { faults } from '../emulator/emulator.ts';
import { command, start } from '../support/command.ts';
import { startRig, type Rig } from '../support/engine.ts';
import { startForm } from '../support/form.ts';

describe('the control socket', () => {
  async function ownerOf(rig: Rig): Promise<{ socket: string; token: string }> {
    const owner = await readOwner(rig.folder.file('data'));
    if (owner?.socket === undefined) throw new Error('nobody serves');
    return { socket: owner.socket, token: owner.token };
  }

  async function post(socket: string, path: string, headers: Record<string, string>, body: string): Promise<unknown> {
    const outgoing = request({ socketPath: socket, path, method: 'POST', headers });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once('response', resolve).once('error', reject);
    });
    outgoing.end(body);
    return json(await answered);
  }

  it('answers nobody without the token of the folder', async () => {
    await using started = await startForm('serving');
    const { socket } = await ownerOf(started.rig);
    for (const headers of [{}, { 'x-kiro-pool-token': 'wrong' }, { 'x-kiro-pool-token': '' }]) {
      expect(await post(socket, '/keys.show', headers, '{"name":"default"}')).toMatchObject({
        ok: false,
        error: { code: 'wrong-token' },
      });
    }
  });

  it('refuses what it does not know, and what has the wrong shape', async () => {
    await using started = await startForm('serving');
    const { socket, token } = await ownerOf(started.rig);
    const headers = { 'x-kiro-pool-token': token };
    const codeOf = async (path: string, body: string): Promise<unknown> => post(socket, path, headers, body);
    expect(await codeOf('/nonsense', '{}')).toMatchObject({ error: { code: 'unknown-question' } });
    expect(await codeOf('/toString', '{}')).toMatchObject({ error: { code: 'unknown-question' } });
    expect(await codeOf('/keys.show', '{}')).toMatchObject({ error: { code: 'wrong-input' } });
    expect(await codeOf('/keys.show', '{"name":')).toMatchObject({ error: { code: 'wrong-input' } });
    expect(await codeOf('/keys.show', ' '.repeat(2_000_000))).toMatchObject({ error: { code: 'wrong-input' } });
  });

  it('is for this user alone, also where its path would be too long for the data folder', async () => {
    await using rig = await startRig();
    const dataDir = rig.folder.file('d'.repeat(120));
    const env = { ...process.env, KIRO_POOL_DATA_DIR: dataDir };
    await using server = start(env, 'serve', '--port', '0', '--json');
    await server.firstLine;
    const { socket } = v.parse(
      v.object({ socket: v.string() }),
      JSON.parse(readFileSync(join(dataDir, 'owner.json'), 'utf8')),
    );
    expect(socket.startsWith(dataDir)).toBe(false);
    expect(statSync(join(socket, '..')).mode & 0o777).toBe(0o700);
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    expect((await command(env, 'key', 'list', '--json')).code).toBe(0);
    server.child.kill('SIGTERM');
    await server.ended;
    expect(() => statSync(join(socket, '..'))).toThrow(/ENOENT/);
  });

  it('finishes what was begun before it closes: a fork that is cut would lose a login', async () => {
    await using started = await startForm('serving');
    const { rig } = started;
    const other = rig.emulator.addAccount({ kind: 'builder-id' });
    const path = rig.folder.file('other.sqlite3');
    writeCliStore(path, [{ account: other, login: other.newLogin() }]);
    rig.emulator.inject({ on: 'refresh', fault: { kind: 'stall', ms: 150 } });
    const asked = askOwner(await ownerOf(rig), 'accounts.import', { from: 'kiro-cli', path });
    await expect.poll(() => rig.emulator.journal.some((entry) => entry.account === other.id)).toBe(true);
    await rig.engine.close();
    expect(await asked).toMatchObject([{ result: 'added' }]);
    await rig.restart();
    const [, added] = rig.engine.parts.pool.summaries();
    expect(added).toMatchObject({ kind: 'builder-id' });
    await rig.engine.handlers['accounts.refresh']({ id: added?.id ?? '' });
    expect(rig.emulator.statistics().reusedRefreshTokens).toBe(0);
  });

  it('closes at once although Kiro does not answer a question', async () => {
    await using started = await startForm('serving');
    const { rig } = started;
    const asksForUsage = (): number =>
      rig.emulator.journal.filter(({ operation, status }) => operation === 'GetUsageLimits' && status === 200).length;
    await expect.poll(asksForUsage).toBe(2);
    rig.emulator.clear();
    const stalled = rig.emulator.inject({ on: 'usage', times: 'always', fault: faults.stallBeforeAnswer });
    const asked = askOwner(await ownerOf(rig), 'accounts.refresh', { id: 'me@example.com' });
    const refused = asked.catch((error: unknown) => error);
    await expect.poll(() => stalled.hits).toBe(1);
    const before = performance.now();
    await rig.engine.close();
    expect(performance.now() - before).toBeLessThan(2_000);
    expect(await refused).toMatchObject({ message: expect.stringContaining('stopping') });
  });
});
