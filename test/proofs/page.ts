import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** What a proof found: a page for people, and what it promised and did not hold. */
export interface Finding {
  /** Markdown below the title. */
  readonly text: string;
  /** Sentences; empty when every promise was held. */
  readonly broken: readonly string[];
}

/** How a proof was asked for on the command line. */
export interface ProofArguments {
  readonly isShort: boolean;
}

/**
 * Runs a proof from the command line: prints what it found, and writes the page unless it was the short form. Exits with 1 when a
 * promise was broken.
 */
export async function runProof(
  name: string,
  title: string,
  prove: (options: ProofArguments) => Promise<Finding>,
): Promise<void> {
  // Whatever else is asked for is refused: the whole form takes minutes, and replaces the page.
  const { short: isShort } = parseArgs({ options: { short: { type: 'boolean', default: false } } }).values;
  const { text, broken } = await prove({ isShort });
  const command = `node test/proofs/${name}.ts`;
  const verdict =
    broken.length === 0 ? 'Every promise was held.' : broken.map((each) => `- BROKEN: ${each}`).join('\n');
  const page = `# ${title}\n\nMade by \`${command}\`; \`--short\` is its form in the test suite.\n\n${text}\n${verdict}\n`;
  process.stdout.write(page);
  if (!isShort) {
    mkdirSync(new URL('../../docs/proofs/', import.meta.url), { recursive: true });
    writeFileSync(fileURLToPath(new URL(`../../docs/proofs/${name}.md`, import.meta.url)), page);
  }
  if (broken.length > 0) process.exitCode = 1;
}

type Cell = string | number;

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly Cell[]): string =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map((row) => line(row))].join('\n') + '\n';
}

/** How often each value occurs, the most frequent first: `41 × 200, 9 × 429 all-cooling`. */
export function histogram(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .toSorted(([a, countA], [b, countB]) => countB - countA || a.localeCompare(b))
    .map(([value, count]) => `${count} × ${value}`)
    .join(', ');
}

/** A number with thousands set apart, and a fixed number of digits. */
export function figure(value: number, digits = 0): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** The value below which this share of the values lies; NaN of none. @param share 0-1 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
