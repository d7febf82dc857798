import { isDeepStrictEqual } from 'node:util';
import { openBackup } from '../../../app/store/backup-file.ts';
import { StoreError } from '../../../app/store/store-error.ts';
import { corpusOf } from '../corpus.ts';
import { makeJson } from '../mutate-json.ts';
import { mustHold, type Target } from '../target.ts';

/** The passphrase of `corpus/backup/0-sealed.json`, which holds made-up accounts under a key that costs as little as a backup may. */
export const passphrase = 'correct horse battery';

/** Backup files (DESIGN §4.5). */
export const backup: Target = {
  name: 'backup',
  promise:
    'A backup that was changed opens to all that was in it, or not at all: `not-a-backup` or `wrong-passphrase`.',
  inputs: 2_000,
  seeds: () => corpusOf('backup').slice(0, 1),
  make: makeJson,
  async check(input) {
    try {
      const content = await openBackup(input.toString('utf8'), passphrase);
      mustHold(isDeepStrictEqual(content, await untouched()), 'a changed backup opened to something else');
      return 'opens, whole';
    } catch (error) {
      if (error instanceof StoreError && ['not-a-backup', 'wrong-passphrase'].includes(error.code)) return error.code;
      throw error;
    }
  },
};

let known: ReturnType<typeof openBackup> | undefined;

function untouched(): ReturnType<typeof openBackup> {
  const [sealed] = corpusOf('backup');
  known ??= openBackup(sealed?.toString('utf8') ?? '', passphrase);
  return known;
}
