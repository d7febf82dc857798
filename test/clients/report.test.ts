import { appendFileSync, existsSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bugReport } from '../../app/clients/bug-report.ts';
import { redactor } from '../../app/clients/report-redactor.ts';
import { sit } from '../cli/person.ts';
import { startRig, type Rig } from '../support/engine.ts';

/** An account of each kind, and secrets and names wherever a report looks. */
async function plant(rig: Rig): Promise<string[]> {
  await rig.add(
    { kind: 'social', provider: 'google', plan: 'pro', email: 'zoe@example.com' },
    { kind: 'identity-center', plan: 'power', email: 'zoe.m@work.example' },
    { kind: 'external-idp', plan: 'pro-plus', email: 'zoe@client.example' },
  );
  const { handlers } = rig.engine;
  await handlers['accounts.label']({ id: 'zoe@example.com', label: 'Zoës Geheimnis' });
  await handlers['clients.apply']({ name: 'opencode' });
  await handlers['settings.set']({ key: 'proxyUrl', value: 'http://proxy.secret-company.example:3128' });
  await handlers['settings.set']({ key: 'allowedOrigins', value: 'https://intranet.secret-company.example' });
  const { key } = await handlers['keys.show']({ name: 'default' });
  const { key: toolKey } = await handlers['keys.show']({ name: 'opencode' });
  const planted = [
    ...rig.emulator.issuedSecrets(),
    key,
    toolKey,
    'sk-ant-api03-plantedplantedplanted',
    'ghp_plantedplantedplanted0123456789',
    'AKIAPLANTEDPLANTED01',
    'eyJhbGciOiJub25lIn0.eyJzdWIiOiJwbGFudGVkIn0.x',
    'stranger@elsewhere.example',
    '/home/somebody',
    String.raw`C:\Users\Somebody`,
    'arn:aws:codewhisperer:us-east-1:123456789012:profile/PLANTED',
    'https://d-1234567890.awsapps.com/start',
    '203.0.113.77',
  ];
  const lines = planted.map((secret) => JSON.stringify({ level: 'error', event: 'planted', message: secret }));
  appendFileSync(
    rig.folder.file('data/kiro-pool.log'),
    `${[...lines, 'Authorization: Bearer planted-bearer-value', `cwd ${rig.folder.path}`].join('\n')}\n`,
  );
  // What Kiro says in its refusals stands in what the doctor finds.
  const message = `zoe@example.com used ${rig.emulator.issuedSecrets().join(', ')}`;
  rig.emulator.inject({ on: 'usage', times: 'always', fault: { kind: 'http', status: 400, body: { message } } });
  return [
    ...planted,
    'planted-bearer-value',
    'zoe@example.com',
    'zoe.m@work.example',
    'zoe@client.example',
    'Zoës Geheimnis',
    'secret-company',
    rig.folder.path,
  ];
}

describe('a bug report', () => {
  it('lists the requests that failed, and none that was served', () => {
    const request = (outcome: string) => ({ at: 0, model: `model-${outcome}`, sends: 1, outcome, totalMs: 5 });
    const text = bugReport({
      at: 0,
      version: '0.1.0',
      runtime: 'Node',
      system: 'Linux',
      endpoint: null,
      keyStore: 'key-file',
      settings: {},
      accounts: [],
      tools: [],
      checks: [],
      requests: ['served', 'client-left', 'broken-stream'].map((outcome) => request(outcome)),
      problems: [],
      log: [],
    });
    expect(text).toContain('1970-01-01T00:00:00.000Z model-broken-stream: broken-stream, sent 1 ×, 5 ms');
    expect(text).not.toMatch(/model-(?:served|client-left)/);
  });

  it('tells the state of things, and nothing that opens something or names somebody', async () => {
    await using rig = await startRig();
    const planted = await plant(rig);
    await rig.restart();
    const { text } = await rig.engine.handlers['report.preview']({});
    for (const secret of planted) expect(text).not.toContain(secret);
    expect(text).not.toMatch(/[\w.]+@[\w-]+\.\w+/);
    for (const title of ['Settings that were changed', 'Accounts', 'Tools', 'Doctor', 'Log']) {
      expect(text).toContain(`## ${title}`);
    }
    expect(text).toMatch(/1\. social, forked, .*: ready/);
    expect(text).toMatch(/2\. identity-center, forked/);
    expect(text).toContain('proxyUrl: (set)');
    expect(text).toContain('opencode: configured');
    expect(text).toMatch(/failed +Account account 1: .*account 1 used \[redacted\]/);
    expect(text).toContain('"event":"planted"');
  });

  it('is written for the user alone, and never over a file', async () => {
    await using rig = await startRig();
    await plant(rig);
    await rig.engine.close();
    const path = rig.folder.file('report.txt');
    const ran = await sit(
      { ...rig.env, KIRO_POOL_LOG: 'warn' },
      {},
      `report ${path} --data-dir ${rig.folder.file('data')}`,
    );
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const text = readFileSync(path, 'utf8');
    expect(text).toContain('## Doctor');
    const again = await sit(rig.env, {}, `report ${path} --data-dir ${rig.folder.file('data')}`);
    expect(again.code).toBe(1);
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(existsSync(`${path}.tmp`)).toBe(false);
    await rig.restart();
  });
});

describe('what is redacted', () => {
  const redact = redactor({
    secrets: ['correct horse'],
    names: new Map([['Work', 'account 1']]),
    home: '/srv/homes/zoe',
    user: 'zoe',
    host: 'zoes-laptop',
  });

  it.each([
    ['the user and the machine', 'zoe on zoes-laptop, but not zoetrope', '[name] on [name], but not zoetrope'],
    ['a home that lies elsewhere', 'read /srv/homes/zoe/.config', 'read ~/.config'],
    ['an account', 'Account Work: ready', 'Account account 1: ready'],
    ['a known secret in plain words', 'it was "correct horse"', 'it was "[secret]"'],
    ['a link to a company', 'see https://wiki.acme.example/x?y', 'see [url]'],
  ])('%s', (_what, text, redacted) => {
    expect(redact(text)).toBe(redacted);
  });

  it.each([
    'http://127.0.0.1:8788/v1 answers',
    'https://q.us-east-1.amazonaws.com/ping',
    'claude-sonnet-5: 429 after 4 sends, 1200 ms at 2026-11-25T02:00:00.000Z',
    'Kiro Pool 0.1.0, linux 6.1.0-42-amd64 x64, Node 24.21.0',
  ])('but not what helps: %s', (text) => {
    expect(redact(text)).toBe(text);
  });
});
