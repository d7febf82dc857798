import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { openBackup, sealBackup } from '../../app/store/backup-file.ts';

const envelope = v.looseObject({ sealed: v.string() });
const content = { accounts: [], spentTokens: ['a'.repeat(64)], settings: { port: 9000 }, keys: [] };
const passphrase = 'pâss phräse';
const sealed = sealBackup(content, passphrase, Date.UTC(2026, 10, 23));

describe('a backup', () => {
  test('comes back whole, whatever Unicode form its passphrase is typed in', async () => {
    const text = await sealed;
    expect(JSON.parse(text)).toMatchObject({
      format: 'kiro-pool-backup',
      version: 1,
      createdAt: '2026-11-23T00:00:00.000Z',
    });
    expect(await openBackup(text, passphrase.normalize('NFD'))).toEqual(content);
  });

  test('opens with no other passphrase, and not when anything was changed', async () => {
    const text = await sealed;
    await expect(openBackup(text, 'pass phrase')).rejects.toMatchObject({ code: 'wrong-passphrase' });
    const { sealed: box, ...rest } = v.parse(envelope, JSON.parse(text));
    const flipped = `${box.slice(0, 40)}${box[40] === 'A' ? 'B' : 'A'}${box.slice(41)}`;
    await expect(openBackup(JSON.stringify({ ...rest, sealed: flipped }), passphrase)).rejects.toMatchObject({
      code: 'wrong-passphrase',
    });
  });

  test.each([
    ['nothing', ''],
    ['no JSON', 'hello'],
    ['another file', '{"format":"other"}'],
    ['a cost that would take all memory', { N: 2 ** 24, r: 8, p: 1 }],
    ['a cost that is none', { N: 100_000, r: 8, p: 1 }],
  ])('%s is refused as none', async (_what, given) => {
    const text =
      typeof given === 'string'
        ? given
        : JSON.stringify({ ...v.parse(envelope, JSON.parse(await sealed)), scrypt: { ...given, salt: 'AAAA' } });
    await expect(openBackup(text, passphrase)).rejects.toMatchObject({ code: 'not-a-backup' });
  });

  test('needs a passphrase of eight characters', async () => {
    await expect(sealBackup(content, 'seven77', 0)).rejects.toMatchObject({ code: 'weak-passphrase' });
  });
});
