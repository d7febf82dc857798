import { expect, it } from 'vitest';
import { picture } from './picture.ts';
import type { Sample } from './sample.ts';

const sample: Sample = {
  at: 0,
  requests: 0,
  rss: 100 * 1024 * 1024,
  heap: null,
  heapTotal: 0,
  external: 0,
  descriptors: 30,
  sockets: 5,
  threads: 11,
  handles: 4,
  database: 0,
  wal: 0,
  otherFiles: 0,
  delayMs: 1,
};

it('the picture has a line for each figure, of finite points, and colours for light and dark pages', () => {
  const samples = Array.from({ length: 50 }, (_, index) => ({ ...sample, at: index * 5, requests: index * 30 }));
  const svg = picture(samples);
  expect(svg.match(/<path class="l"/g)).toHaveLength(5);
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  expect(svg).toContain('prefers-color-scheme:dark');
  for (const title of ['Resident memory, MiB', 'Open descriptors', 'Sockets', 'Requests a minute'])
    expect(svg).toContain(`>${title}</text>`);
});

it('is drawn of a single sample, too', () => {
  expect(picture([sample])).not.toMatch(/NaN|Infinity|undefined/);
});
