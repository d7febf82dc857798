/** One line of a unified diff. Numbers count from 1; a line that is not in a version has none there. */
export interface DiffLine {
  readonly kind: 'added' | 'removed' | 'same' | 'skipped';
  readonly before: number | undefined;
  readonly after: number | undefined;
  /** Without the sign. */
  readonly text: string;
}

const hunkHead = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/;

/** Reads the unified diff of one file. What is not part of a hunk, such as the names of the file, is left out. */
export function parseDiff(diff: string): DiffLine[] {
  const lines: DiffLine[] = [];
  let before = 0;
  let after = 0;
  let isInHunk = false;
  for (const line of diff.split('\n')) {
    const head = hunkHead.exec(line);
    if (head) {
      if (isInHunk) lines.push({ kind: 'skipped', before: undefined, after: undefined, text: '' });
      before = Number(head[1]);
      after = Number(head[2]);
      isInHunk = true;
    } else if (isInHunk) {
      const text = line.slice(1);
      if (line.startsWith('+')) {
        lines.push({ kind: 'added', before: undefined, after, text });
        after += 1;
      } else if (line.startsWith('-')) {
        lines.push({ kind: 'removed', before, after: undefined, text });
        before += 1;
      } else if (line.startsWith(' ')) {
        lines.push({ kind: 'same', before, after, text });
        before += 1;
        after += 1;
      }
    }
  }
  return lines;
}
