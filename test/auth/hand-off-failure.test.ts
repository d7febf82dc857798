import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { recoverHandOff } from '../../app/auth/hand-off-recovery.ts';
import type { HandOffRequest } from '../../app/auth/hand-off-request.ts';
import { approveAs, expectPrevious, handOffWorld, runHandOff, signIn, typesOf, type World } from './hand-off-world.ts';

const google = { kind: 'google', whatAboutPrevious: 'put-back' } as const satisfies HandOffRequest;

test.concurrent.each([
  ['was declined', ({ emulator }: World, code: string) => emulator.denyDevice(code), 'declined'],
  ['ran out', ({ emulator }: World) => emulator.advanceClock(3_600_000), 'in time'],
])('a kiro-cli has its previous login after a code that %s', async (_name, act, message) => {
  await using world = await handOffWorld();
  const signedIn = signIn(world);
  const { events } = await runHandOff(world, google, {
    on: (event) => event.type === 'waiting' && act(world, event.userCode),
  });
  expect(events.at(-1)).toMatchObject({
    type: 'failed',
    error: { code: 'rejected', message: expect.stringContaining(message) },
  });
  expect(typesOf(events).at(-2)).toBe('put-back');
  if (message === 'in time') world.emulator.advanceClock(-3_600_000);
  await expectPrevious(signedIn);
});

test.concurrent('a kiro-cli has its previous login after nobody confirmed in time', async () => {
  await using world = await handOffWorld();
  const signedIn = signIn(world);
  const { events } = await runHandOff(world, google, { ports: { confirmTimeoutMs: 300 } });
  expect(events.at(-1)).toMatchObject({ type: 'failed', error: { message: expect.stringContaining('in time') } });
  await expectPrevious(signedIn);
});

test.concurrent('a kiro-cli has its previous login when the new one could not be kept, and the error tells no secret', async () => {
  await using world = await handOffWorld();
  const signedIn = signIn(world);
  const { events, login } = await runHandOff(world, google, {
    on: approveAs(world, signedIn.next),
    ports: { keep: async ({ credential }) => Promise.reject(new Error(`no room for ${credential.refreshToken}`)) },
  });
  expect(typesOf(events).slice(-2)).toEqual(['put-back', 'failed']);
  expect(login).toBeUndefined();
  await expectPrevious(signedIn);
});

test.concurrent.each([
  ['ends with an error', `process.stdout.write('error: service error\\n'); process.exit(1);`, 'ended (1)'],
  ['crashes', `process.kill(process.pid, 'SIGKILL');`, 'ended (137)'],
  [
    'asks what we do not know',
    `process.stdout.write('Pick a colour\\n  Red\\n  Blue\\n'); setTimeout(() => {}, 60_000);`,
    'does not understand',
  ],
  [
    'lacks the kind',
    `process.stdout.write('Select login method\\n> Use with Builder ID\\n  Use with IDC Account\\n'); setTimeout(() => {}, 60_000);`,
    'does not offer',
  ],
  [
    'names a strange page',
    `process.stdout.write('Code: ABCD-EFGH\\nOpen this URL: https://kiro.dev.evil.example/?user_code=ABCD-EFGH\\n'); setTimeout(() => {}, 60_000);`,
    'evil.example',
  ],
  [
    'does not hear when it is closed',
    `process.on('SIGHUP', () => {}); process.stdout.write('?\\n'); setTimeout(() => {}, 60_000);`,
    'does not understand',
  ],
])('the previous login is back after a kiro-cli that %s', async (_name, script, message) => {
  await using world = await handOffWorld();
  const signedIn = signIn(world);
  const { events } = await runHandOff(world, google, {
    ports: { program: world.stub(script), promptTimeoutMs: 900 },
  });
  expect(events.at(-1)).toMatchObject({ type: 'failed', error: { message: expect.stringContaining(message) } });
  expect(typesOf(events).slice(-3, -1)).toEqual(['signed-out', 'put-back']);
  await expectPrevious(signedIn);
});

test.concurrent('a kiro-cli is not touched while another program holds its store', async () => {
  await using world = await handOffWorld();
  const signedIn = signIn(world);
  using holder = new DatabaseSync(world.storePath);
  holder.exec('BEGIN IMMEDIATE');
  const { events } = await runHandOff(world, google, { ports: { busyTimeoutMs: 300 } });
  holder.exec('ROLLBACK');
  expect(typesOf(events)).toEqual(['checking', 'already-signed-in', 'failed']);
  expect(events.at(-1)).toMatchObject({
    error: { code: 'unreadable', message: expect.stringContaining('holds it') },
  });
  await expectPrevious(signedIn);
});

test.concurrent('a kiro-cli is not touched when there is no kiro-cli, or when the organisation cannot be one', async () => {
  await using world = await handOffWorld();
  const signedIn = signIn(world);
  const program = { ...world.ports.program, file: join(world.home, 'kiro-cli') };
  const { events } = await runHandOff(world, google, { ports: { program } });
  expect(events.at(-1)).toMatchObject({ type: 'failed', error: { code: 'not-found' } });
  const bad = { kind: 'identity-center', startUrl: 'https://x.awsapps.com/\rlogout', region: 'eu-west-1' } as const;
  const other = await runHandOff(world, { ...bad, whatAboutPrevious: 'put-back' });
  expect(other.events.at(-1)).toMatchObject({ type: 'failed', error: { code: 'rejected' } });
  await expectPrevious(signedIn);
});

test.concurrent('a login that kiro-cli denies while it is offline is seen all the same', async () => {
  await using world = await handOffWorld();
  const signedIn = signIn(world);
  const program = { ...world.ports.program, leading: ['-e', 'process.exitCode = 1', '--'] };
  const { events } = await runHandOff(world, { ...google, whatAboutPrevious: 'refuse' }, { ports: { program } });
  expect(events.at(-1)).toEqual({ type: 'already-signed-in', who: { accountType: 'BuilderId' } });
  await expectPrevious(signedIn);
});

test.concurrent('when the previous login cannot be put back either, that is told, and the next start does it', async () => {
  await using world = await handOffWorld();
  const signedIn = signIn(world);
  using holder = new DatabaseSync(world.storePath);
  const { events } = await runHandOff(world, google, {
    on: approveAs(world, signedIn.next),
    ports: {
      busyTimeoutMs: 200,
      keep: async ({ credential }) => {
        holder.exec('BEGIN IMMEDIATE');
        throw new Error(`no room for ${credential.refreshToken}`);
      },
    },
  });
  expect(events.at(-1)).toMatchObject({ type: 'failed', error: { message: expect.stringContaining('holds it') } });
  holder.close();
  expect(await recoverHandOff(world.ports.backupFolder, world.ports)).toEqual({ type: 'put-back' });
  await expectPrevious(signedIn);
});
