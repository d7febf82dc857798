import { describe, expect, it } from 'vitest';
import { withoutTokens } from '../../app/conversation/redact.ts';
import { describe as describeError, Log } from '../../app/log.ts';
import { SecretMint } from '../emulator/secrets.ts';

function startLog(level?: string): { log: Log; lines: string[] } {
  const lines: string[] = [];
  return { lines, log: new Log({ write: (line) => void lines.push(line), now: () => 0, level }) };
}

const last = (lines: string[]): unknown => JSON.parse(lines.at(-1) ?? '{}');

describe('the log', () => {
  it.each([
    ['debug', ['debug', 'info', 'warn', 'error']],
    ['info', ['info', 'warn', 'error']],
    ['warn', ['warn', 'error']],
    ['error', ['error']],
    ['nonsense', ['warn', 'error']],
    [undefined, ['warn', 'error']],
  ])('writes from %s on', (level, expected) => {
    const { log, lines } = startLog(level);
    log.debug('debug');
    log.info('info');
    log.warn('warn');
    log.error('error');
    expect(lines.map((line) => /"event":"(\w+)"/.exec(line)?.[1])).toEqual(expected);
  });

  it('writes one line for each event, whatever stands in it', () => {
    const { log, lines } = startLog();
    log.warn('x', { message: 'a\n{"level":"error","event":"forged"}\r\n\u2028b' });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.split('\n')).toHaveLength(2);
    expect(last(lines)).toMatchObject({ level: 'warn', event: 'x' });
  });

  it('cannot be told a time, a level or an event of its own by a field', () => {
    const { log, lines } = startLog();
    log.warn('real', { event: 'forged', level: 'debug', at: 'never' });
    expect(last(lines)).toMatchObject({ event: 'real', level: 'warn', at: '1970-01-01T00:00:00.000Z' });
  });

  it('shortens what is long, after it took out what is secret', () => {
    const { log, lines } = startLog();
    const secret = `aor${'x'.repeat(60)}`;
    log.warn('x', { message: `${'word '.repeat(98)}${secret}` });
    expect(lines[0]).not.toContain('aorxxx');
    expect(lines[0]?.length).toBeLessThan(600);
  });
});

describe('redaction', () => {
  it('takes out every kind of secret of Kiro and of ours', () => {
    const mint = new SecretMint();
    const secrets = [
      mint.accessToken(),
      mint.refreshToken(),
      mint.apiKey(),
      mint.jwt({ sub: 'x' }),
      `kp-${'a'.repeat(43)}`,
    ];
    for (const secret of secrets) {
      for (const text of [
        secret,
        `token=${secret}`,
        `{"refreshToken":"${secret}"}`,
        `Bearer ${secret}`,
        `(${secret})`,
      ]) {
        expect(withoutTokens(text)).not.toContain(secret.slice(0, 20));
      }
    }
    const external = mint.externalRefreshToken();
    expect(withoutTokens(`{"refresh_token":"${external}"}`)).not.toContain(external);
    expect(withoutTokens(`refresh_token=${external}&client_id=abc`)).toBe('refresh_token=[redacted]&client_id=abc');
    expect(withoutTokens('authorization: bearer abc.def')).toBe('authorization: bearer [redacted]');
  });

  it('leaves plain words alone', () => {
    const text = 'The account "me@example.com" is cooling down until 2026-11-23T12:00:00.000Z.';
    expect(withoutTokens(text)).toBe(text);
  });
});

describe('an error in the log', () => {
  it('comes with what caused it, even when that is itself', () => {
    const inner = new Error('inner');
    const outer = new TypeError('outer', { cause: inner });
    inner.cause = outer;
    expect(describeError(outer)).toMatch(/^TypeError: outer \(Error: inner/);
    expect(describeError('text')).toBe('unknown');
  });
});
