import { readFileSync } from 'node:fs';
import { StoreError } from '../../../app/store/store-error.ts';
import { temporaryFolder } from '../../store/accounts.ts';
import { makeJson } from '../mutate-json.ts';
import { fileOutcome, openQuietly } from '../quiet-engine.ts';
import { mustHold, type Target } from '../target.ts';

/** The local API keys, tried with the whole engine (DESIGN §7). */
export const engineKeys: Target = {
  name: 'engine-keys',
  promise:
    'Whatever is in keys.json: the engine opens, with a key that lets clients in; what was there is kept to the byte, under a new ' +
    'name when it was no good, which is told. Or a newer file is refused, and left alone.',
  inputs: 3_000,
  seeds: () => [seed],
  make: makeJson,
  async check(input) {
    using folder = temporaryFolder();
    const opened = await openQuietly(folder, { 'keys.json': input }).catch((error: unknown) => {
      if (error instanceof StoreError) return error;
      throw error;
    });
    if (opened instanceof StoreError) {
      mustHold(readFileSync(folder.file('data/keys.json')).equals(input), 'what was refused is changed');
      return `refused: ${opened.code}`;
    }
    await using engine = opened.engine;
    const { keys } = engine.parts;
    mustHold(keys.list().length > 0 || opened.problems().length === 0, 'no key in place of those that were lost');
    for (const { name } of keys.list().filter(({ isLocked }) => !isLocked)) {
      const key = await keys.show(name).catch((error: unknown) => {
        // Of twins one may open, and the other not.
        if (error instanceof StoreError && error.code === 'cannot-open') return undefined;
        throw error;
      });
      mustHold(key === undefined || keys.nameOf(key) !== undefined, 'a key that opens lets nobody in');
    }
    return fileOutcome(folder, 'keys.json', input, opened.problems());
  },
};

const seed = await twoKeys();

async function twoKeys(): Promise<Buffer> {
  using folder = temporaryFolder();
  const { engine } = await openQuietly(folder);
  await engine.handlers['keys.create']({ name: 'project' });
  await engine.close();
  return readFileSync(folder.file('data/keys.json'));
}
