// Adds accounts until the file may not grow any more, and says how the last write ended.
import { AccountsFile } from '../../app/store/accounts-file.ts';
import { StoreError } from '../../app/store/store-error.ts';
import { accountOf, boxOf, now } from './accounts.ts';

// The signal of the limit would end the process; ignored, the write fails instead.
process.on('SIGXFSZ', () => undefined);
const [folder = ''] = process.argv.slice(2);
const accounts = await AccountsFile.open({ file: (name) => `${folder}/${name}` }, boxOf(1), { now });
const results = await Promise.allSettled(
  'bcdefghijklmnopqrstuvwxyz'.split('').map((letter) => accounts.put(accountOf(letter))),
);
const failed = results.find((result) => result.status === 'rejected');
process.send?.(failed?.reason instanceof StoreError ? failed.reason.code : 'written');
process.disconnect?.();
