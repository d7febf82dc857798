import { describe, expect, it } from 'vitest';
import { costs, nameOf, stages } from './costs.ts';
import { curvesOf, type Sample } from './curve.ts';
import { growthPage, growthSummary } from './page.ts';
import { growthPicture } from './picture.ts';

const sizes = [1, 10, 30, 100, 300, 1_000];
const machine = { node: 'v24.0.0', platform: 'linux', arch: 'x64', cpus: 2 };

/** Samples of a cost that grows like this, measured twice with a machine's unrest of a few percent. */
function grown(id: string, of: (size: number) => number, by: Sample['of'] = 'kiro-pool'): Sample[] {
  return sizes.flatMap((x, index) =>
    [0.97, 1.03].map((unrest, round) => ({ cost: id, of: by, x, y: of(x) * (unrest + 0.01 * ((index + round) % 3)) })),
  );
}

describe('a cost', () => {
  it.each<[string, (size: number) => number]>([
    ['in proportion', (size) => size],
    ['in proportion on top of what a request costs anyway', (size) => 40 + size],
    ['not at all', () => 7],
  ])('may grow %s', (_, of) => {
    const [curve] = curvesOf(grown('accountsMs', of));
    expect(curve?.isHeld).toBe(true);
  });

  it.each<[string, (size: number) => number]>([
    ['with the square', (size) => size ** 2],
    ['with the square, under all that a request costs anyway', (size) => 1_000 + size ** 2 / 10],
    ['with the power of 1.3', (size) => size ** 1.3],
  ])('is found out when it grows %s', (_, of) => {
    const curves = curvesOf(grown('accountsMs', of));
    expect(curves[0]?.isHeld).toBe(false);
    expect(growthSummary(curves)).toMatch(/^BROKEN/);
    expect(growthPage(curves, machine)).toContain('- BROKEN: new session: added to the first token, ms: size^');
  });

  it('that must not grow is found out when it grows a little', () => {
    expect(curvesOf(grown('lengthMb', () => 90))[0]?.isHeld).toBe(true);
    expect(curvesOf(grown('lengthMb', (size) => size ** 0.3))[0]?.isHeld).toBe(false);
  });

  it('that is a time counts by its least round, memory by its median', () => {
    const rounds = (id: string): Sample[] =>
      sizes.flatMap((x) => [1, 50, 51].map((y) => ({ cost: id, of: 'kiro-pool' as const, x, y })));
    const [time] = curvesOf(rounds('turnsMs'));
    const [memory] = curvesOf(rounds('lengthMb'));
    expect(time?.points[0]?.y).toBe(1);
    expect(memory?.points[0]?.y).toBe(50);
  });

  it('that was not measured, or came out as nothing, is not taken for one that does not grow', () => {
    expect(curvesOf(grown('accountsMs', () => Number.NaN))[0]?.isHeld).toBe(false);
    expect(curvesOf([{ cost: 'accountsMs', of: 'kiro-pool', x: 1, y: 1 }])[0]?.isHeld).toBe(false);
    expect(curvesOf([])).toEqual([]);
  });

  it('is judged by its exponent, which is told with how well it fits', () => {
    const [curve] = curvesOf([
      ...grown('turnsMs', (size) => 2 * size),
      ...grown('turnsMs', (size) => size / 4, 'pass-through'),
    ]);
    expect(curve?.fit?.exponent).toBeCloseTo(1, 1);
    expect(curve?.fit?.r2).toBeGreaterThan(0.99);
    expect(curve?.yardFit?.exponent).toBeCloseTo(1, 1);
  });
});

describe('the page and the picture', () => {
  const curves = curvesOf(costs.flatMap(({ id }) => grown(id, (size) => size + 1)));

  it('have every cost in them', () => {
    const page = growthPage(curves, machine);
    const picture = growthPicture(curves);
    for (const cost of costs) {
      expect(page).toContain(`| ${nameOf(cost)} |`);
      expect(picture).toContain(`>${nameOf(cost)}</text>`);
    }
    for (const stage of Object.values(stages)) expect(page).toContain(`## Over ${stage}\n`);
  });

  it('are drawn of finite points, for light and dark pages, also where little was measured', () => {
    const little = curvesOf([{ cost: 'turnsMs', of: 'kiro-pool', x: 1, y: -1 }]);
    for (const svg of [growthPicture(curves), growthPicture(little)]) {
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
      expect(svg).toContain('prefers-color-scheme:dark');
    }
  });
});
