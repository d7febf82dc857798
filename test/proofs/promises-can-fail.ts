/** The table of faults is worth what its rows can fail at: each without its fault, and each when the product breaks its promise. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { temporaryFolder } from '../support/engine.ts';
import { runProof, table, type Finding, type ProofArguments } from './page.ts';
import { promises, promisesOfTheDesktop } from './promises.ts';
import { breakages, type Breakage } from './promises/breakages.ts';
import { leftOut, type PromiseRow } from './promises/row.ts';

const ranSchema = v.array(v.object({ fault: v.string(), outcome: v.picklist(['held', 'failed', 'skipped']) }));
type Ran = v.InferOutput<typeof ranSchema>;

async function provePromisesCanFail({ isShort }: ProofArguments): Promise<Finding> {
  const rows = isShort ? promises : [...promises, ...(await promisesOfTheDesktop())];
  const blind = await holdingWithoutFault(rows);
  const text = `Without its fault, each of the ${rows.length} rows of [promises.md](promises.md) has to fail: ${rows.length - blind.length} did.\n`;
  const broken = blind.map((fault) => `${fault}: the row holds although its fault is left out`);
  if (isShort) return { text, broken };
  const onBroken = await onBrokenProducts();
  return { text: `${text}\n${onBroken.text}`, broken: [...broken, ...onBroken.broken] };
}

/** Makes one line of the product at a time wrong, and looks which rows notice. */
async function onBrokenProducts(): Promise<Finding> {
  const lines: string[][] = [];
  const broken: string[] = [];
  const seen = new Map<string, Ran[number]['outcome']>();
  for (const breakage of breakages) {
    const ran = await runBroken(breakage);
    if (ran.length === 0) broken.push(`${breakage.what}: no row ran`);
    const held = ran.filter(({ outcome }) => outcome === 'held');
    broken.push(...held.map(({ fault }) => `${breakage.what}: "${fault}" holds all the same`));
    for (const { fault, outcome } of ran) if (seen.get(fault) !== 'failed') seen.set(fault, outcome);
    const names = ran.map(({ fault }) => fault);
    lines.push([breakage.what, `app/${breakage.file}`, shorten(names), held.length === 0 ? 'yes' : '**no**']);
  }
  const unseen = promises.filter(({ fault }) => !seen.has(fault));
  broken.push(...unseen.map(({ fault }) => `${fault}: no breakage is meant for it`));
  const reds = [...seen.values()].filter((outcome) => outcome === 'failed').length;
  const text = [
    `With one line of the product at a time made wrong, ${reds} of the ${promises.length} rows of the engine and the command turn red at ` +
      'least once. Those of the desktop app run on the built app, and are only run without their faults.',
    '',
    table(['what the product does wrong', 'where', 'rows that have to turn red', 'they do'], lines),
  ];
  return { text: text.join('\n'), broken };
}

function shorten(faults: readonly string[]): string {
  const more = faults.length > 3 ? `; and ${faults.length - 3} more` : '';
  return `${faults.slice(0, 3).join('; ')}${more}`;
}

/** The faults of the rows that hold although nothing was done. */
async function holdingWithoutFault(rows: readonly PromiseRow[]): Promise<string[]> {
  const holding: string[] = [];
  for (const { fault, prove } of rows) {
    const isBlind = await prove(leftOut).then(
      (proven) => !('skipped' in proven),
      () => false,
    );
    if (isBlind) holding.push(fault);
  }
  return holding;
}

/** Runs the rows in a process with the breakage: what a row that hangs has started, and its folders, go with it. */
async function runBroken({ file, from, to, reds }: Breakage): Promise<Ran> {
  using folder = temporaryFolder();
  const hook = new URL('promises/break-product.ts', import.meta.url).href;
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('promises/run-broken.ts', import.meta.url)), reds.source],
    {
      detached: true,
      env: {
        ...process.env,
        TMPDIR: folder.path,
        NODE_OPTIONS: `--import=${hook}`,
        BREAKAGE: JSON.stringify({ file, from, to }),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ended = once(child, 'exit');
  const lines = text(child.stdout);
  await ended;
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
  const parsed: unknown[] = (await lines).split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
  return v.parse(ranSchema, parsed);
}

if (import.meta.main)
  await runProof('promises-can-fail', 'Whether the rows of the table of faults can fail', provePromisesCanFail);
