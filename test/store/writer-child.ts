// Writes accounts.json without end and says after each write which number is on disk. Killed by its test.
import { AccountsFile } from '../../app/store/accounts-file.ts';
import { accountOf, boxOf, now } from './accounts.ts';

const [folder = '', first = '0', writes = '50'] = process.argv.slice(2);
const accounts = await AccountsFile.open({ file: (name) => `${folder}/${name}` }, boxOf(1), { now });
process.send?.('open');
for (let n = Number(first); n < Number(first) + Number(writes); n++) {
  await accounts.put(accountOf('a', `refresh-${n}`));
  process.send?.(n);
}
process.disconnect?.();
