import * as fc from 'fast-check';
import type { Random } from '../emulator/random.ts';
import { drawn } from './drawn.ts';

/** What programs do not expect where something else belongs. */
const oddValue = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1.5,
    1e21,
    Number.MAX_SAFE_INTEGER,
    '',
    ' ',
    '\u0000',
    '\ud800',
    '__proto__',
  ),
  fc.constantFrom<unknown>('data:image/png;base64,', 'x'.repeat(5_000), [], {}, [[]], { type: 'text' }, nested(300)),
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const oddKeys = ['__proto__', 'constructor', 'toString', 'type', '', '0', 'length'];

/** An input of a target whose inputs are JSON: a seed of it, changed. */
export function makeJson(random: Random, seeds: readonly Buffer[]): Buffer {
  const pick = (): Buffer => seeds[random.below(seeds.length)] ?? Buffer.from('null');
  return mutateJson(pick(), pick(), random);
}

/** Changes one to three members of a JSON text, which stays JSON: other values, parts of another text, fewer or doubled members. */
function mutateJson(text: Buffer, other: Buffer, random: Random): Buffer {
  let value: unknown = JSON.parse(text.toString('utf8'));
  const parts = nodesOf(JSON.parse(other.toString('utf8')));
  for (let times = 1 + random.below(3); times > 0; times -= 1) {
    value = changedAt(value, random.below(nodesOf(value).length), (node) => mutated(node, parts, random)).value;
  }
  return Buffer.from(JSON.stringify(value));
}

function mutated(node: unknown, parts: readonly unknown[], random: Random): unknown {
  const chance = random.below(6);
  const odd = drawn(oddValue, random);
  if (chance < 2) return odd;
  if (chance === 2) return parts[random.below(parts.length)];
  if (Array.isArray(node)) {
    const at = random.below(node.length + 1);
    const items: unknown[] = node;
    if (chance === 3) return items.toSpliced(at, 1);
    return chance === 4 ? [...items, ...items] : items.toSpliced(at, 0, odd);
  }
  if (isObject(node)) {
    const entries = Object.entries(node);
    const at = random.below(entries.length + 1);
    if (chance === 3) return Object.fromEntries(entries.toSpliced(at, 1));
    const key = oddKeys[random.below(oddKeys.length)] ?? '';
    // `fromEntries` makes a member of any name, `__proto__` too.
    return Object.fromEntries([...entries, [key, chance === 4 ? node : odd]]);
  }
  return chance === 3 ? [node] : chance === 4 ? { type: node } : `${JSON.stringify(node)}x`;
}

/** The value with its n-th node, counted from the root, changed. */
function changedAt(
  value: unknown,
  index: number,
  change: (node: unknown) => unknown,
): { value: unknown; left: number } {
  if (index === 0) return { value: change(value), left: -1 };
  let left = index - 1;
  const visit = (child: unknown): unknown => {
    if (left < 0) return child;
    const visited = changedAt(child, left, change);
    left = visited.left;
    return visited.value;
  };
  if (Array.isArray(value)) return { value: value.map((child: unknown) => visit(child)), left };
  if (!isObject(value)) return { value, left };
  return { value: Object.fromEntries(Object.entries(value).map(([key, child]) => [key, visit(child)])), left };
}

function nodesOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return [value, ...value.flatMap((child) => nodesOf(child))];
  return isObject(value) ? [value, ...Object.values(value).flatMap((child) => nodesOf(child))] : [value];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nested(depth: number): unknown {
  let value: unknown = 0;
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}
