// Takes the data folder, says so, and keeps it until its test ends or kills it.
import { openDataFolder } from '../../app/store/data-folder.ts';
import { StoreError } from '../../app/store/store-error.ts';

const [path = ''] = process.argv.slice(2);
try {
  const folder = await openDataFolder(path, { version: '9.9.9', now: Date.now });
  process.on('message', () => {
    folder[Symbol.dispose]();
    process.disconnect();
  });
  process.send?.('owner');
} catch (error) {
  process.send?.(error instanceof StoreError ? `${error.code} ${error.message}` : 'failed');
  process.disconnect();
}
