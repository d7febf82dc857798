import { describe, expect, it } from 'vitest';
import {
  apiRegionFor,
  builderIdServiceProfileArn,
  endpointUrl,
  isLoopbackUrl,
  isProfileArn,
  isRegion,
  kiroEndpoints,
  parseEndpoints,
} from '../../app/kiro/endpoints.ts';

describe('regions (protocol §2.2, §4.1)', () => {
  const arn = (region: string): string => `arn:aws:codewhisperer:${region}:123456789012:profile/ABC`;
  it.each([
    [{ profileArn: arn('eu-central-1'), apiRegion: 'us-east-1' }, 'eu-central-1'],
    [{ profileArn: arn('ap-southeast-2'), apiRegion: 'eu-central-1' }, 'eu-central-1'],
    [{ profileArn: builderIdServiceProfileArn, ssoRegion: 'eu-west-1' }, 'eu-central-1'],
    [{ apiRegion: 'eu-west-1', ssoRegion: 'eu-north-1' }, 'eu-central-1'],
    [{ ssoRegion: 'ap-northeast-1' }, 'us-east-1'],
    [{ ssoRegion: 'us-west-2' }, 'us-east-1'],
    [{ profileArn: 'nonsense' }, 'us-east-1'],
    [{}, 'us-east-1'],
  ])('%o is served by %s', (known, wanted) => {
    expect(apiRegionFor(known)).toBe(wanted);
  });

  it.each(['us-east-1', 'eu-central-1', 'us-gov-west-1'])('%s is a region', (region) =>
    expect(isRegion(region)).toBe(true),
  );
  it.each([
    '',
    'us-east-1.evil.com',
    'us-east-1/',
    'US-EAST-1',
    'us-east-11',
    'us-east-1\n',
    '../x',
    `us${'-a'.repeat(50_000)}!`,
  ])('%j is none', (region) => {
    expect(isRegion(region)).toBe(false);
    expect(() => endpointUrl(kiroEndpoints, 'q', region)).toThrow(RangeError);
  });

  it.each([`${arn('us-east-1')}/x`, `${arn('us-east-1')}\n`, arn('us_east'), 'arn', arn('a'.repeat(300))])(
    '%j is no profile',
    (text) => {
      expect(isProfileArn(text)).toBe(false);
    },
  );
});

describe('a file may move Kiro to loopback only', () => {
  it.each([
    'http://127.0.0.1:8000',
    'https://127.0.0.1',
    'http://localhost:1/x.{region}',
    'http://[::1]:9',
    'http://127.1',
    'http://2130706433',
    'http://0x7f.0.0.1',
  ])('%s is loopback', (url) => {
    expect(isLoopbackUrl(url.replace('{region}', 'us-east-1'))).toBe(true);
  });

  it.each([
    'http://127.0.0.1.evil.com',
    'http://localhost.evil',
    'http://evil.com#127.0.0.1',
    'http://127.0.0.1@evil.com',
    'http://user@127.0.0.1',
    'http://user:pass@localhost',
    'http://evil.com\\@127.0.0.1',
    'http://127.0.0.1\t.evil.com',
    'http://[::ffff:8.8.8.8]',
    'http://[::]',
    'http://0.0.0.0',
    'http://localhost.',
    'ftp://127.0.0.1',
    'file:///etc/passwd',
    'http://134744072',
    'http://{region}.kiro.dev',
    'http://{region}@127.0.0.1',
    '127.0.0.1',
    '',
    'javascript:127.0.0.1',
  ])('%j is refused by the name of its member', (url) => {
    const good = 'http://127.0.0.1:1';
    const file = { runtime: good, q: url, codewhisperer: good, management: good, socialAuth: good, oidc: good };
    expect(() => parseEndpoints(JSON.stringify(file))).toThrow(/wrong "q"/);
  });

  it('a file with a member too many or too few, or no file at all, is refused', () => {
    expect(() => parseEndpoints('{')).toThrow('not JSON');
    expect(() => parseEndpoints('{}')).toThrow('wrong "');
    expect(() => parseEndpoints('[]')).toThrow('wrong "');
  });

  it('a good one replaces every host', () => {
    const names = ['runtime', 'q', 'codewhisperer', 'management', 'socialAuth', 'oidc'];
    const file = Object.fromEntries(names.map((name) => [name, `http://127.0.0.1:1/${name}.{region}/`]));
    const endpoints = parseEndpoints(JSON.stringify(file));
    expect(endpoints.replaced).toBe(true);
    expect(endpointUrl(endpoints, 'q', 'eu-central-1')).toBe('http://127.0.0.1:1/q.eu-central-1');
  });
});
