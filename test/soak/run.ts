/**
 * `npm run soak`: two hours of mixed load with faults on the built command, all on loopback. Writes docs/proofs/soak.md and soak.svg;
 * anything shorter writes to out/soak, and beside them result.json, which counts the promises as runners count tests. Needs
 * `npm run build` and Linux, whose /proc it reads. Exits with 1 when a promise was broken.
 *
 * --minutes N  how long (120)      --seed N  which faults and when (1)      --out DIR  where page and picture go
 * --cpu S      share of one core that everything together may take (0.15)   --command PATH  of another build
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { endAll } from '../bench/children.ts';
import { pageOf } from './page.ts';
import { picture } from './picture.ts';
import { soak } from './soak.ts';
import { verdictsOf } from './verdicts.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '120' },
    seed: { type: 'string', default: '1' },
    cpu: { type: 'string', default: '0.15' },
    out: { type: 'string' },
    command: { type: 'string', default: 'out/cli/kiro-pool.js' },
  },
});
const minutes = Number(values.minutes);
const isFull = minutes >= 120;
const root = fileURLToPath(new URL('../..', import.meta.url));
const out = values.out ?? join(root, isFull ? 'docs/proofs' : 'out/soak');
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // What waits for them fails then, and puts the folder away.
    endAll();
    setTimeout(() => process.exit(1), 5_000).unref();
  });
}

let toldAt = 0;
const soaked = await soak({
  minutes,
  seed: Number(values.seed),
  command: resolve(root, values.command),
  sampleMs: isFull ? 5_000 : 1_000,
  cpuShare: Number(values.cpu),
  onSample: ({ at, rss, descriptors, requests }) => {
    if (at - toldAt < 30) return;
    toldAt = at;
    process.stderr.write(
      `${Math.round(at)} s: ${Math.round(rss / 2 ** 20)} MiB, ${descriptors} fds, ${requests} sent\n`,
    );
  },
}).finally(endAll);

const verdicts = verdictsOf(soaked);
const broken = verdicts.filter(({ isHeld }) => !isHeld).length;
const page = pageOf(soaked, verdicts, { minutes, seed: Number(values.seed), commit });
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'soak.md'), page);
writeFileSync(join(out, 'soak.svg'), picture(soaked.samples));
if (!isFull) writeFileSync(join(out, 'result.json'), JSON.stringify(countsOf(broken, verdicts.length - broken)));
process.stdout.write(page);
if (broken > 0) process.exitCode = 1;

function countsOf(failed: number, passed: number): object {
  return { numPassedTests: passed, numFailedTests: failed, numPendingTests: 0, numTodoTests: 0 };
}
