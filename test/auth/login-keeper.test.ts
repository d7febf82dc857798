import { describe, expect, test } from 'vitest';
import { AuthError } from '../../app/auth/auth-error.ts';
import type { Credential, RotatingCredential } from '../../app/auth/credential.ts';
import { tokenHash } from '../../app/auth/fork.ts';
import { LoginKeeper } from '../../app/auth/login-keeper.ts';
import { logins, minuteMs, noon } from './credentials.ts';

const id = 'acc_0123456789';
const later = (retryAfterMs?: number) =>
  new AuthError('retry-later', 'down', 'wait', retryAfterMs === undefined ? {} : { retryAfterMs });
const dead = () => new AuthError('rejected', 'revoked', 'sign in');

/**
 * An account on a disk, and a service that rotates strictly: a refresh token works once, and to see one twice is an
 * error of the test's subject.
 */
class World {
  now = noon;
  /** How many writes fail before one works. */
  writesToFail = 0;
  /** Errors that the service answers with, first to last. */
  faults: (AuthError | undefined)[] = [];
  inSource: RotatingCredential | undefined;
  readonly sent: string[] = [];
  readonly waits: number[] = [];
  readonly rejections: AuthError[] = [];
  readonly log: string[] = [];
  /** Runs inside each wait. */
  onWait: ((signal?: AbortSignal) => Promise<void>) | undefined;
  running = 0;
  mostRunning = 0;
  /** Held refreshes wait for `release`. */
  gate: Promise<void> | undefined;
  onDisk: Credential;
  readonly keeper: LoginKeeper;

  constructor(onDisk: Credential, spent: string[] = []) {
    this.onDisk = onDisk;
    this.keeper = new LoginKeeper(
      {
        read: () => this.onDisk,
        write: async (_id, credential) => {
          await Promise.resolve();
          if (this.writesToFail > 0) {
            this.writesToFail -= 1;
            throw new Error('ENOSPC');
          }
          this.onDisk = credential;
          this.log.push('on disk');
        },
        onRejected: async (_id, error) => {
          this.rejections.push(error);
        },
        reread: async () => this.inSource,
        refresh: (credential) => this.#refresh(credential),
        now: () => this.now,
        wait: async (ms, signal) => {
          this.waits.push(ms);
          await this.onWait?.(signal);
          signal?.throwIfAborted();
          this.now += ms;
        },
      },
      spent,
    );
  }

  async #refresh(credential: RotatingCredential): Promise<RotatingCredential> {
    this.sent.push(credential.refreshToken);
    this.running += 1;
    this.mostRunning = Math.max(this.running, this.mostRunning);
    await (this.gate ?? Promise.resolve());
    this.running -= 1;
    const fault = this.faults.shift();
    if (fault !== undefined) throw fault;
    const n = this.sent.length;
    return { ...credential, accessToken: `access-${n}`, refreshToken: `RT-${n}`, expiresAt: this.now + 60 * minuteMs };
  }
}

const expired = { ...logins.social, accessToken: 'access-0', refreshToken: 'RT-0', expiresAt: noon - 1 };
const endsSoon = { ...expired, expiresAt: noon + 4 * minuteMs };
const fresh = { ...expired, expiresAt: noon + 6 * minuteMs };

describe('a refresh happens when it is due', () => {
  test('not while the access token lasts for more than 5 min', async () => {
    const world = new World(fresh);
    expect(await world.keeper.ensureFresh(id)).toBe(fresh);
    expect(world.sent).toEqual([]);
  });
  test.each([
    ['ends within 5 min', endsSoon],
    ['has ended', expired],
    ['ends at a time that cannot be read', { ...expired, expiresAt: Number.NaN }],
  ])('when it %s', async (_name, credential) => {
    const world = new World(credential);
    expect(await world.keeper.ensureFresh(id)).toMatchObject({ accessToken: 'access-1', refreshToken: 'RT-1' });
  });
  test('never for an API key', async () => {
    const key: Credential = { kind: 'api-key', apiKey: 'ksk_secret' };
    const world = new World(key);
    expect(await world.keeper.ensureFresh(id)).toBe(key);
    await expect(world.keeper.renew(id, 'ksk_secret')).rejects.toMatchObject({ code: 'rejected' });
    expect(world.rejections).toHaveLength(1);
    expect(world.sent).toEqual([]);
  });
  test('not for every request where tokens live for minutes only', async () => {
    const world = new World(expired);
    await world.keeper.ensureFresh(id);
    world.onDisk = { ...expired, accessToken: 'access-1', refreshToken: 'RT-1', expiresAt: world.now + 4 * minuteMs };
    await world.keeper.ensureFresh(id);
    expect(world.sent).toEqual(['RT-0']);
    world.now += 3 * minuteMs;
    await world.keeper.ensureFresh(id);
    expect(world.sent).toEqual(['RT-0', 'RT-1']);
  });
});

describe('two refreshes of one account never run at once', () => {
  test('50 callers, one refresh', async () => {
    const world = new World(expired);
    const got = await Promise.all(Array.from({ length: 50 }, () => world.keeper.ensureFresh(id)));
    expect(world.sent).toEqual(['RT-0']);
    expect(new Set(got.map((credential) => JSON.stringify(credential))).size).toBe(1);
  });
  test('50 refused callers, one refresh, also among callers that only want a fresh one', async () => {
    const world = new World(fresh);
    const callers = Array.from({ length: 50 }, (_, n) =>
      n % 2 === 0 ? world.keeper.renew(id, 'access-0') : world.keeper.ensureFresh(id),
    );
    await Promise.all(callers);
    expect(world.sent).toEqual(['RT-0']);
  });
  test('who comes too late with a refused token gets the one that is there', async () => {
    const world = new World(fresh);
    await world.keeper.renew(id, 'access-0');
    expect(await world.keeper.renew(id, 'access-0')).toMatchObject({ accessToken: 'access-1' });
    expect(world.sent).toEqual(['RT-0']);
  });
  test('a refused token is renewed even while it should last', async () => {
    const world = new World(fresh);
    expect(await world.keeper.renew(id, 'access-0')).toMatchObject({ accessToken: 'access-1' });
  });
  test('different accounts do not wait for each other', async () => {
    const world = new World(expired);
    const { promise, resolve } = Promise.withResolvers<void>();
    world.gate = promise;
    const both = [world.keeper.ensureFresh('acc_aaaaaaaaaa'), world.keeper.ensureFresh('acc_bbbbbbbbbb')];
    await Promise.resolve();
    await Promise.resolve();
    expect(world.mostRunning).toBe(2);
    resolve();
    await Promise.allSettled(both);
  });
});

describe('a new token is on disk before anyone gets it', () => {
  test('in that order', async () => {
    const world = new World(expired);
    const callers = [1, 2].map(async () => {
      await world.keeper.ensureFresh(id);
      world.log.push('given');
    });
    await Promise.all(callers);
    expect(world.log).toEqual(['on disk', 'given', 'given']);
  });
  test('a write that fails keeps the new token, and the next call writes it before anything else', async () => {
    const world = new World(endsSoon);
    world.writesToFail = 2;
    await expect(world.keeper.ensureFresh(id)).rejects.toMatchObject({ code: 'retry-later', message: /disk/ });
    await expect(world.keeper.renew(id, 'access-0')).rejects.toMatchObject({ code: 'retry-later' });
    expect(world.onDisk).toBe(endsSoon);
    expect(await world.keeper.ensureFresh(id)).toMatchObject({ accessToken: 'access-1' });
    expect(world.onDisk).toMatchObject({ refreshToken: 'RT-1' });
    expect(world.sent).toEqual(['RT-0']);
  });
  test('close writes what is left', async () => {
    const world = new World(expired);
    world.writesToFail = 1;
    await expect(world.keeper.ensureFresh(id)).rejects.toMatchObject({ code: 'retry-later' });
    await world.keeper.close();
    expect(world.onDisk).toMatchObject({ refreshToken: 'RT-1' });
  });
  test('close waits for a refresh that is under way', async () => {
    const world = new World(expired);
    const { promise, resolve } = Promise.withResolvers<void>();
    world.gate = promise;
    const call = world.keeper.ensureFresh(id);
    const closed = world.keeper.close().then(() => world.log.push('closed'));
    resolve();
    await Promise.all([call, closed]);
    expect(world.log).toEqual(['on disk', 'closed']);
  });
  test('close does not sit out the pauses between tries', async () => {
    const world = new World(expired);
    world.faults = [later(), later(), later()];
    let closed: Promise<void> | undefined;
    world.onWait = async () => {
      closed = world.keeper.close();
    };
    await expect(world.keeper.ensureFresh(id)).rejects.toMatchObject({ code: 'retry-later' });
    await closed;
    expect(world.sent).toHaveLength(1);
  });
  test('a sign-in during the refresh is not overwritten by it', async () => {
    const world = new World(expired);
    const { promise, resolve } = Promise.withResolvers<void>();
    world.gate = promise;
    const call = world.keeper.ensureFresh(id);
    await Promise.resolve();
    const signedIn = { ...fresh, accessToken: 'of the sign-in', refreshToken: 'RT-of-the-sign-in' };
    world.onDisk = signedIn;
    resolve();
    expect(await call).toBe(signedIn);
    expect(world.onDisk).toBe(signedIn);
  });
  test('a profile learned during the refresh is not undone by it', async () => {
    const { profileArn, ...without } = expired;
    const world = new World(without);
    const { promise, resolve } = Promise.withResolvers<void>();
    world.gate = promise;
    const call = world.keeper.ensureFresh(id);
    await Promise.resolve();
    world.onDisk = { ...without, profileArn, apiRegion: 'eu-central-1' };
    resolve();
    expect(await call).toMatchObject({ accessToken: 'access-1', profileArn, apiRegion: 'eu-central-1' });
  });
});

describe('a dead refresh token is never sent again', () => {
  test('rejected: told once, then known', async () => {
    const world = new World(expired);
    world.faults = [dead()];
    for (let n = 0; n < 3; n += 1) {
      await expect(world.keeper.ensureFresh(id)).rejects.toMatchObject({ code: 'rejected' });
    }
    await expect(world.keeper.renew(id, 'access-0')).rejects.toMatchObject({ code: 'rejected' });
    expect(world.sent).toEqual(['RT-0']);
    expect(world.rejections).toHaveLength(1);
  });
  test('rotated: not even when the disk goes back to it', async () => {
    const world = new World(expired);
    await world.keeper.ensureFresh(id);
    world.onDisk = expired;
    await expect(world.keeper.ensureFresh(id)).rejects.toMatchObject({ code: 'rejected' });
    expect(world.sent).toEqual(['RT-0']);
  });
  test('remembered from an earlier run, or spent by a fork', async () => {
    const remembered = new World(expired, [tokenHash('RT-0')]);
    await expect(remembered.keeper.ensureFresh(id)).rejects.toMatchObject({ code: 'rejected' });
    const forked = new World(expired);
    forked.keeper.markSpent(tokenHash('RT-0'));
    await expect(forked.keeper.ensureFresh(id)).rejects.toMatchObject({ code: 'rejected' });
    expect([...remembered.sent, ...forked.sent]).toEqual([]);
  });
  test('a new sign-in is as good as any', async () => {
    const world = new World(expired);
    world.faults = [dead()];
    await expect(world.keeper.ensureFresh(id)).rejects.toMatchObject({ code: 'rejected' });
    world.onDisk = { ...expired, refreshToken: 'RT-new' };
    await world.keeper.ensureFresh(id);
    expect(world.sent).toEqual(['RT-0', 'RT-new']);
  });
  test('a sign-in while the old token is being rejected counts, and the account is not marked', async () => {
    const world = new World(expired);
    world.faults = [dead()];
    const { promise, resolve } = Promise.withResolvers<void>();
    world.gate = promise;
    const call = world.keeper.ensureFresh(id);
    await Promise.resolve();
    world.onDisk = { ...fresh, refreshToken: 'RT-new' };
    resolve();
    expect(await call).toMatchObject({ refreshToken: 'RT-new' });
    expect(world.rejections).toEqual([]);
  });
});

describe('on rejection the source store is asked once', () => {
  test('another token there is used, once', async () => {
    const world = new World(expired);
    world.faults = [dead()];
    world.inSource = { ...expired, refreshToken: 'RT-source' };
    expect(await world.keeper.ensureFresh(id)).toMatchObject({ accessToken: 'access-2' });
    expect(world.sent).toEqual(['RT-0', 'RT-source']);
    expect(world.rejections).toEqual([]);
  });
  test('another dead token there ends it', async () => {
    const world = new World(expired);
    world.faults = [dead(), dead()];
    world.inSource = { ...expired, refreshToken: 'RT-source' };
    await expect(world.keeper.ensureFresh(id)).rejects.toMatchObject({ code: 'rejected' });
    await expect(world.keeper.ensureFresh(id)).rejects.toMatchObject({ code: 'rejected' });
    expect(world.sent).toEqual(['RT-0', 'RT-source']);
    expect(world.rejections).toHaveLength(1);
  });
  test('the same token, or one that a fork has spent, is not tried', async () => {
    for (const refreshToken of ['RT-0', 'RT-forked']) {
      const world = new World(expired, [tokenHash('RT-forked')]);
      world.faults = [dead()];
      world.inSource = { ...expired, refreshToken };
      await expect(world.keeper.ensureFresh(id)).rejects.toMatchObject({ code: 'rejected' });
      expect(world.sent).toEqual(['RT-0']);
    }
  });
  test('a transient failure with the token from there is tried again, without the dead one', async () => {
    const world = new World(expired);
    world.faults = [dead(), later(60_000)];
    world.inSource = { ...expired, refreshToken: 'RT-source' };
    await expect(world.keeper.ensureFresh(id)).rejects.toMatchObject({ code: 'retry-later' });
    world.now += 60_000;
    expect(await world.keeper.ensureFresh(id)).toMatchObject({ accessToken: 'access-3' });
    expect(world.sent).toEqual(['RT-0', 'RT-source', 'RT-source']);
    expect(world.rejections).toEqual([]);
  });
});

describe('a transient failure', () => {
  test('ahead of time fails no request, and is not repeated at each one', async () => {
    const world = new World(endsSoon);
    world.faults = [later(), later(), later()];
    for (let second = 0; second < 20; second += 1) {
      expect(await world.keeper.ensureFresh(id)).toBe(endsSoon);
      world.now += 1000;
    }
    expect(world.sent).toHaveLength(3);
    expect(world.waits).toEqual([]);
  });
  test('ahead of time is made good later', async () => {
    const world = new World(endsSoon);
    world.faults = [later()];
    await world.keeper.ensureFresh(id);
    world.now += minuteMs;
    expect(await world.keeper.ensureFresh(id)).toMatchObject({ accessToken: 'access-2' });
  });
  test('is tried again after 1, 2 and 4 s when the access token has ended', async () => {
    const world = new World(expired);
    world.faults = [later(), later(), later()];
    expect(await world.keeper.ensureFresh(id)).toMatchObject({ accessToken: 'access-4' });
    expect(world.waits).toEqual([1000, 2000, 4000]);
  });
  test('is given up after that, and the next request does not start over at once', async () => {
    const world = new World(expired);
    world.faults = Array.from({ length: 8 }, () => later());
    await expect(world.keeper.ensureFresh(id)).rejects.toMatchObject({ code: 'retry-later' });
    await expect(world.keeper.ensureFresh(id)).rejects.toMatchObject({ code: 'retry-later', retryAfterMs: 5000 });
    expect(world.sent).toHaveLength(4);
    world.now += 5000;
    await expect(world.keeper.ensureFresh(id)).rejects.toMatchObject({ code: 'retry-later' });
    expect(world.sent).toHaveLength(8);
    expect(world.rejections).toEqual([]);
  });
  test('that names a time is not tried before it', async () => {
    const world = new World(expired);
    world.faults = [later(30_000)];
    await expect(world.keeper.ensureFresh(id)).rejects.toMatchObject({ retryAfterMs: 30_000 });
    world.now += 20_000;
    await expect(world.keeper.ensureFresh(id)).rejects.toMatchObject({ retryAfterMs: 10_000 });
    expect(world.sent).toHaveLength(1);
    world.now += 10_000;
    await world.keeper.ensureFresh(id);
    expect(world.waits).toEqual([]);
  });
  test('ahead of time does not hold back a request whose token was refused', async () => {
    const world = new World(endsSoon);
    world.faults = [later()];
    await world.keeper.ensureFresh(id);
    expect(await world.keeper.renew(id, 'access-0')).toMatchObject({ accessToken: 'access-2' });
  });
  test('never gives a refused token back', async () => {
    const world = new World(fresh);
    world.faults = Array.from({ length: 4 }, () => later());
    await expect(world.keeper.renew(id, 'access-0')).rejects.toMatchObject({ code: 'retry-later' });
  });
});

test('a caller that leaves does not end the refresh for the others', async () => {
  const world = new World(expired);
  const { promise, resolve } = Promise.withResolvers<void>();
  world.gate = promise;
  const controller = new AbortController();
  const leaving = world.keeper.ensureFresh(id, controller.signal);
  const staying = world.keeper.ensureFresh(id);
  controller.abort(new Error('the client left'));
  await expect(leaving).rejects.toThrow('the client left');
  resolve();
  expect(await staying).toMatchObject({ accessToken: 'access-1' });
  expect(world.onDisk).toMatchObject({ refreshToken: 'RT-1' });
});

test('a forbidden token host is said as it is, and nothing is tried again', async () => {
  const world = new World(expired);
  world.faults = [new AuthError('forbidden-host', 'elsewhere', 'report it')];
  await expect(world.keeper.ensureFresh(id)).rejects.toMatchObject({ code: 'forbidden-host' });
  expect(world.sent).toHaveLength(1);
  expect(world.rejections).toEqual([]);
});
