/**
 * Given to Node with `--import`: has one file of the product read as if it were broken, as `BREAKAGE` says in JSON. Processes that
 * are started from there are broken likewise.
 */
import { registerHooks } from 'node:module';
import * as v from 'valibot';

const breakage = v.parse(
  v.pipe(v.string(), v.parseJson(), v.object({ file: v.string(), from: v.string(), to: v.string() })),
  process.env['BREAKAGE'],
);
const { href } = new URL(`../../../app/${breakage.file}`, import.meta.url);

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (url !== href) return loaded;
    const { source } = loaded;
    const text = typeof source === 'string' ? source : new TextDecoder().decode(source);
    const parts = text.split(breakage.from);
    if (parts.length !== 2)
      throw new Error(`${breakage.file} has changed: the breakage fits ${parts.length - 1} times`);
    return { ...loaded, source: parts.join(breakage.to) };
  },
});
