/**
 * Whether the time of the key's check tells anything of the key: `node test/bench/key-check.ts`. Times the check of keys that are
 * right to the n-th character, interleaved, and compares their medians with what two halves of one kind differ by.
 */
import { createMasterKeyBox } from '../../app/store/secret-box.ts';
import { KeysFile } from '../../app/store/keys-file.ts';
import { temporaryFolder } from '../support/engine.ts';
import { median } from './statistics.ts';

const rounds = 200_000;

using folder = temporaryFolder();
const keys = await KeysFile.open(folder, createMasterKeyBox(Buffer.alloc(32, 1), 'key-file'), { now: Date.now });
const key = await keys.show('default');
/** Of the right length, and as right as its name says. */
const kinds = [0, 3, 4, 10, 24, 40, key.length - 1, key.length].map((right) => ({
  right,
  presented: key.slice(0, right) + 'x'.repeat(key.length - right),
  times: new Float64Array(rounds),
}));

for (let round = 0; round < rounds; round += 1) {
  // Each kind comes first as often as any other.
  for (let index = 0; index < kinds.length; index += 1) {
    const kind = kinds[(index + round) % kinds.length];
    if (!kind) continue;
    const before = process.hrtime.bigint();
    keys.nameOf(kind.presented);
    kind.times[round] = Number(process.hrtime.bigint() - before);
  }
}

/** In ns; the first tenth is warming up. */
const measured = kinds.map(({ right, times }) => {
  const warm = [...times.subarray(rounds / 10)];
  const half = warm.length / 2;
  return { right, ns: median(warm), noise: Math.abs(median(warm.slice(0, half)) - median(warm.slice(half))) };
});
const wrong = measured.filter(({ right }) => right < key.length).map(({ ns }) => ns);
const spread = Math.max(...wrong) - Math.min(...wrong);
const noise = Math.max(...measured.map((each) => each.noise));
for (const { right, ns } of measured) process.stdout.write(`${String(right).padStart(2)} characters right: ${ns} ns\n`);
process.stdout.write(`Wrong keys differ by ${spread} ns; the halves of one kind by up to ${noise} ns.\n`);
// What a clock of 1 ns shows of nothing at all, and of a machine that others use.
process.exitCode = spread > Math.max(3 * noise, 50) ? 1 : 0;
