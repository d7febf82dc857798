import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SettingsFile } from '../../app/store/settings-file.ts';
import { now, temporaryFolder } from './accounts.ts';

test('every setting has a default that is allowed, a description, and words for what is allowed', async () => {
  using folder = temporaryFolder();
  const settings = await SettingsFile.open(folder, { now });
  expect(settings.list().map(({ key, value }) => [key, value])).toEqual([
    ['port', 8788],
    ['host', '127.0.0.1'],
    ['optOut', true],
    ['proxyUrl', undefined],
    ['systemCertificates', true],
    ['strategy', 'hybrid'],
    ['pinned', undefined],
    ['concurrency', 4],
    ['allowedOrigins', []],
    ['paused', false],
    ['hasAcceptedRisks', false],
    ['notifications', true],
    ['theme', 'system'],
    ['checkForUpdates', true],
  ]);
  for (const { key, value, description, allowed } of settings.list()) {
    expect(description).toMatch(/^.{20,}[.]$/);
    expect(allowed).not.toBe('');
    await settings.set(key, value);
  }
});

test('what is set is in force and on disk, and unknown keys stay there', async () => {
  using folder = temporaryFolder();
  writeFileSync(folder.file('settings.json'), '{"version":1,"future":{"x":1},"port":9000}');
  const settings = await SettingsFile.open(folder, { now });
  expect(settings.get('port')).toBe(9000);
  await settings.set('concurrency', 7);
  await settings.setText('allowedOrigins', 'https://a.example, http://localhost:3000');
  await settings.setText('proxyUrl', 'http://proxy.example:3128');
  await settings.setText('optOut', 'false');
  const again = await SettingsFile.open(folder, { now });
  expect(again.get('concurrency')).toBe(7);
  expect(again.get('allowedOrigins')).toEqual(['https://a.example', 'http://localhost:3000']);
  expect(again.get('proxyUrl')).toBe('http://proxy.example:3128');
  expect(again.get('optOut')).toBe(false);
  expect(JSON.parse(readFileSync(folder.file('settings.json'), 'utf8'))).toMatchObject({
    future: { x: 1 },
    port: 9000,
  });
  await again.setText('proxyUrl', 'none');
  await again.set('port', undefined);
  expect([again.get('proxyUrl'), again.get('port')]).toEqual([undefined, 8788]);
  expect(JSON.parse(readFileSync(folder.file('settings.json'), 'utf8'))).not.toHaveProperty('port');
});

test('a wrong value is refused with what is allowed, unrepeated, and changes nothing', async () => {
  using folder = temporaryFolder();
  const settings = await SettingsFile.open(folder, { now });
  const wrong: [string, string, RegExp][] = [
    ['port', '0', /1 to 65535/],
    ['port', '80x', /1 to 65535/],
    ['concurrency', '21', /1 to 20/],
    ['host', 'example.com', /localhost or an IP address/],
    ['optOut', 'yes', /true or false/],
    ['proxyUrl', 'http://user:hunter2@proxy.example', /without user name and password/],
    ['proxyUrl', 'socks5://proxy.example', /http/],
    ['allowedOrigins', 'https://a.example/path', /origins/],
    ['allowedOrigins', '*', /origins/],
  ];
  for (const [key, text, allowed] of wrong) {
    const attempt = settings.setText(key, text);
    await expect(attempt).rejects.toMatchObject({ code: 'bad-setting', message: expect.stringMatching(allowed) });
    await expect(attempt).rejects.toMatchObject({ message: expect.not.stringContaining('hunter2') });
  }
  await expect(settings.set('colour', 1)).rejects.toMatchObject({
    code: 'unknown-setting',
    hint: expect.stringContaining('concurrency'),
  });
  await expect(settings.set('version', 2)).rejects.toMatchObject({ code: 'unknown-setting' });
  expect(settings.list().every(({ value, default: initial }) => value === initial)).toBe(true);
});

test('one wrong value in a file written by hand costs only itself, is told, and stays in the file', async () => {
  using folder = temporaryFolder();
  writeFileSync(folder.file('settings.json'), '{"port":"many","concurrency":9}');
  const settings = await SettingsFile.open(folder, { now });
  expect([settings.get('port'), settings.get('concurrency')]).toEqual([8788, 9]);
  expect(settings.problems()).toEqual(['port must be a whole number from 1 to 65535.']);
  await settings.set('optOut', false);
  expect(JSON.parse(readFileSync(folder.file('settings.json'), 'utf8'))).toMatchObject({ port: 'many' });
});

test('tells of each change once it is in force, until the listener has had enough', async () => {
  using folder = temporaryFolder();
  const settings = await SettingsFile.open(folder, { now });
  const seen: unknown[] = [];
  const end = settings.onChange(() => seen.push(settings.get('theme')));
  const set = settings.set('theme', 'dark');
  expect(seen).toEqual(['dark']);
  await set;
  await expect(settings.set('theme', 'blue')).rejects.toMatchObject({ code: 'bad-setting' });
  end();
  await settings.set('theme', 'light');
  expect(seen).toEqual(['dark']);
});
