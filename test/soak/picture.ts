import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { Sample } from './sample.ts';

const width = 720;
const rowHeight = 110;
const left = 70;
const top = 26;
const bottom = 18;

interface Panel {
  readonly title: string;
  readonly of: (sample: Sample, before: Sample | undefined) => number;
}

const MiB = 1024 * 1024;
const panels: readonly Panel[] = [
  { title: 'Resident memory, MiB', of: ({ rss }) => rss / MiB },
  { title: 'Open descriptors', of: ({ descriptors }) => descriptors },
  { title: 'Sockets', of: ({ sockets }) => sockets },
  { title: 'Database with its log, MiB', of: ({ database, wal }) => (database + wal) / MiB },
  { title: 'Requests a minute', of: pace },
];

/** The soak as small multiples over one axis of time: SVG that reads on light and dark pages. Needs two samples. */
export function picture(samples: readonly Sample[]): string {
  const height = panels.length * rowHeight + 24;
  const minutes = (samples.at(-1)?.at ?? 0) / 60;
  const x = scaleLinear([0, minutes], [left, width - 12]);
  const ticks = x
    .ticks(8)
    .map((tick) => `<text class="s" x="${x(tick).toFixed(1)}" y="${height - 8}" text-anchor="middle">${tick}</text>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    '<title>The engine over time: memory, descriptors, sockets, database and requests, by the minute</title>',
    `<style>${style}</style>`,
    ...panels.map((panel, index) => drawn(panel, samples, index * rowHeight, x)),
    ...ticks,
    `<text class="s" x="8" y="${height - 8}">minutes</text>`,
    '</svg>\n',
  ].join('\n');
}

function drawn({ title, of }: Panel, samples: readonly Sample[], y0: number, x: (minutes: number) => number): string {
  const values = samples.map((sample, index) => of(sample, samples[index - 1]));
  // From zero: a flat line shall look flat.
  const y = scaleLinear([0, Math.max(1, ...values)], [y0 + rowHeight - bottom, y0 + top]).nice(3);
  const points = samples.map(({ at }, index): [number, number] => [x(at / 60), y(values[index] ?? 0)]);
  const grid = y.ticks(3).map((tick) => {
    const at = y(tick).toFixed(1);
    const text = `<text class="s" x="${left - 8}" y="${Number(at) + 4}" text-anchor="end">${tick}</text>`;
    return `<line class="g" x1="${left}" x2="${width - 12}" y1="${at}" y2="${at}"/>${text}`;
  });
  const path = line().digits(1)(points) ?? '';
  return `<text x="8" y="${y0 + 16}">${title}</text>${grid.join('')}<path class="l" d="${path}"/>`;
}

/** Requests a minute since the sample before. */
function pace({ at, requests }: Sample, before: Sample | undefined): number {
  return before && at > before.at ? ((requests - before.requests) / (at - before.at)) * 60 : 0;
}

const style = [
  'text{font:600 12px system-ui,sans-serif;fill:#1f2328}',
  '.s{font-weight:400;font-size:11px;fill:#59636e}',
  '.g{stroke:#59636e;stroke-opacity:.25}',
  '.l{fill:none;stroke:#0969da;stroke-width:1.5}',
  '@media (prefers-color-scheme:dark){text{fill:#f0f6fc}.s{fill:#9198a1}.g{stroke:#9198a1}.l{stroke:#4493f8}}',
].join('');
