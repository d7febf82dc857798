import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const hold = new URL('../../app/cli/young-generation.ts', import.meta.url).href;

/** Fills a heap with objects that live for a while, and tells what V8 has taken for new ones, in MiB. */
function newSpaceAfterWork(before: string): Promise<number> {
  const program = `
    import { getHeapSpaceStatistics } from 'node:v8';
    ${before}
    const living = [];
    for (let count = 0; count < 1_000_000; count += 1) living[count % 50_000] = { count, list: [count] };
    console.log(getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size / 2 ** 20);
  `;
  return promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]).then(({ stdout }) =>
    Number(stdout),
  );
}

it('takes no more memory for new objects than it had when it was told to hold', async () => {
  const held = await newSpaceAfterWork(`(await import(${JSON.stringify(hold)})).holdYoungGeneration();`);
  expect(held).toBeLessThan(8);
  expect(await newSpaceAfterWork('')).toBeGreaterThan(3 * held);
});
