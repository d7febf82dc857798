/** Given to Node with `--import`: whoever asks for `electron`, bundled or not, gets the double. */
import { registerHooks } from 'node:module';

const double = new URL('electron.ts', import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    if (!/^electron(\/(main|common))?$/.test(specifier)) return next(specifier, context);
    return { url: double, format: 'module-typescript', shortCircuit: true };
  },
});
