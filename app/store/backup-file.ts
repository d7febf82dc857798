import { randomBytes, scrypt } from 'node:crypto';
import * as v from 'valibot';
import { accountSchema } from '../pool/account.ts';
import { createMasterKeyBox, masterKeyBytes } from './secret-box.ts';
import { StoreError } from './store-error.ts';

/**
 * What a backup holds: everything that makes the pool, in plain while it is in memory. Refresh tokens rotate: the older a
 * backup, the more of its logins have gone on elsewhere and need a new sign-in. Used on two machines at once, it makes two
 * programs go on from one token, and Kiro ends the chain of one of them.
 */
export type BackupContent = v.InferOutput<typeof contentSchema>;
const contentSchema = v.object({
  accounts: v.array(accountSchema),
  spentTokens: v.array(v.string()),
  settings: v.record(v.string(), v.unknown()),
  keys: v.array(v.object({ name: v.string(), key: v.string() })),
});

const envelopeSchema = v.object({
  format: v.literal('kiro-pool-backup'),
  version: v.literal(1),
  createdAt: v.string(),
  scrypt: v.object({
    // Bounded to 256 MiB, so that a made-up file cannot take all memory.
    N: v.picklist([2 ** 14, 2 ** 15, 2 ** 16, 2 ** 17, 2 ** 18]),
    r: v.literal(8),
    p: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4)),
    salt: v.string(),
  }),
  sealed: v.string(),
});

/** About 0.4 s and 128 MiB for each guess at the passphrase. */
const cost = { N: 2 ** 17, r: 8, p: 1 } as const;
const context = 'kiro-pool-backup';
const shortest = 8;

/**
 * Seals a backup with a passphrase: scrypt makes the key, AES-256-GCM seals (DESIGN §4.5).
 * @param createdAt in epoch ms; stands in plain in the file
 * @returns the text of the file
 * @throws StoreError `weak-passphrase` for fewer than 8 characters
 */
export async function sealBackup(content: BackupContent, passphrase: string, createdAt: number): Promise<string> {
  if (passphrase.length < shortest) {
    throw new StoreError(
      'weak-passphrase',
      `The passphrase has fewer than ${shortest} characters.`,
      'Take a longer one: the backup holds your logins.',
    );
  }
  const salt = randomBytes(16);
  const box = createMasterKeyBox(await deriveKey(passphrase, salt, cost), 'key-file');
  const envelope = {
    format: 'kiro-pool-backup',
    version: 1,
    createdAt: new Date(createdAt).toISOString(),
    scrypt: { ...cost, salt: salt.toString('base64') },
    sealed: await box.seal(JSON.stringify(content), context),
  };
  return `${JSON.stringify(envelope, undefined, 2)}\n`;
}

/**
 * Opens a backup.
 * @throws StoreError `not-a-backup`, or `wrong-passphrase` when it does not open
 */
export async function openBackup(text: string, passphrase: string): Promise<BackupContent> {
  const envelope = v.safeParse(v.pipe(v.string(), v.parseJson(), envelopeSchema), text);
  if (!envelope.success) {
    throw new StoreError('not-a-backup', 'This file is not a backup of Kiro Pool.', 'Look for the right file.');
  }
  const { scrypt: parameters, sealed } = envelope.output;
  const key = await deriveKey(passphrase, Buffer.from(parameters.salt, 'base64'), parameters);
  const plain = await createMasterKeyBox(key, 'key-file')
    .open(sealed, context)
    .catch(() => {
      throw new StoreError(
        'wrong-passphrase',
        'The backup does not open: the passphrase is wrong, or the file was changed.',
        'Try again.',
      );
    });
  const content = v.safeParse(v.pipe(v.string(), v.parseJson(), contentSchema), plain);
  if (content.success) return content.output;
  throw new StoreError(
    'not-a-backup',
    'The backup opens, but its content is not known.',
    'A newer Kiro Pool may know it.',
  );
}

function deriveKey(
  passphrase: string,
  salt: Buffer,
  { N, r, p }: { N: number; r: number; p: number },
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // The same passphrase typed on another keyboard may come in another Unicode form.
    scrypt(passphrase.normalize('NFKC'), salt, masterKeyBytes, { N, r, p, maxmem: 256 * N * r }, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}
