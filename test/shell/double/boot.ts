/**
 * The start of a doubled main process: puts on what a process of Electron has, imports the app's entry to its end, and only then
 * lets the app be ready (lib/browser/init.ts; shell/common/node_bindings.cc waits for the entry in the same way).
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { constants, Script } from 'node:vm';
import { app } from './app.ts';
import { Cdp } from './cdp.ts';
import { setChromium } from './chromium.ts';
import { controls } from './controls.ts';
import electron from './electron.ts';
import { startMachine } from './machine.ts';
import { optionsVariable, type DoubleOptions, type Order } from './options.ts';

const options: DoubleOptions = JSON.parse(process.env[optionsVariable] ?? '{}');
delete process.env[optionsVariable];
const exitProcess = process.exit.bind(process);
startMachine(options);
becomeElectron();

const chromium = Promise.withResolvers<Cdp>();
process.on('message', (order: Order) => {
  if (order.kind === 'chromium') Cdp.connect(order.endpoint).then(chromium.resolve, chromium.reject);
  else void run(order);
});
// Whoever started this is gone, and with it the windows.
process.on('disconnect', () => exitProcess(1));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => app.quit());

const guard = refuseDeadlock();
await import(pathToFileURL(options.main).href);
clearInterval(guard);
setChromium(await chromium.promise);
app._becomeReady();

function becomeElectron(): void {
  const versions = { ...process.versions, electron: '45.4.1', chrome: '156.0.8078.79' };
  const resourcesPath = join(options.appPath, 'resources');
  for (const [name, value] of Object.entries({
    platform: options.platform,
    versions,
    type: 'browser',
    resourcesPath,
    defaultApp: true,
  })) {
    Object.defineProperty(process, name, { value, configurable: true, enumerable: true });
  }
  // lib/browser/init.ts: who ends the process ends the app.
  Reflect.set(process, 'exit', (code?: number) => app.exit(code));
  process.argv = [process.execPath, options.appPath, ...options.args];
}

/** An entry that waits for readiness at its top level waits for ever in Electron; here it is told. */
function refuseDeadlock(): NodeJS.Timeout {
  const tickMs = 100;
  let waitedMs = 0;
  return setInterval(() => {
    if (app._hasAskedForReady) waitedMs += tickMs;
    if (waitedMs < options.longestEntryMs) return;
    process.stderr.write(
      'electron double: the entry of the main process waits for app.whenReady() at its top level. Electron becomes ready only ' +
        'after the entry was evaluated to its end, so this never ends (electron/electron#40719).\n',
    );
    exitProcess(1);
  }, tickMs);
}

async function run({ id, on, source, argument }: Extract<Order, { kind: 'run' }>): Promise<void> {
  const result = await call(on, source, argument).then(
    (value) => ({ id, value }),
    (error: unknown) => ({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
  try {
    process.send?.(result);
  } catch (error) {
    process.send?.({ id, error: `the result cannot cross the process: ${String(error)}` });
  }
}

async function call(on: 'electron' | 'controls', source: string, argument: unknown): Promise<unknown> {
  const script = new Script(`(${source})`, { importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER });
  const fn: (subject: unknown, argument: unknown) => unknown = script.runInThisContext();
  return fn(on === 'electron' ? electron : controls, argument);
}
