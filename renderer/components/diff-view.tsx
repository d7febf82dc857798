import { parseDiff, type DiffLine } from './parse-diff.ts';
import { words } from '../messages/words.ts';

const signs = { added: '+', removed: '−', same: '', skipped: '⋯' } as const;

/**
 * What changes in one file: lines with their numbers before and after, told apart by sign as well as by colour.
 * @param diff unified, of one file
 */
export function DiffView({ path, diff }: { readonly path: string; readonly diff: string }) {
  const lines = parseDiff(diff);
  const { label, summary } = words.clients.diff;
  return (
    <figure class="diff">
      <figcaption>
        <span class="path">{path}</span>
        <span class="soft">{summary(countOf(lines, 'added'), countOf(lines, 'removed'))}</span>
      </figcaption>
      <div class="diff-scroll" role="region" aria-label={label(path)} tabIndex={0}>
        <table>
          <tbody>
            {lines.map((line, index) => (
              <tr key={index} class={`diff-line ${line.kind}`}>
                <td class="diff-number">{line.before}</td>
                <td class="diff-number">{line.after}</td>
                <td class="diff-sign">
                  <span aria-hidden="true">{signs[line.kind]}</span>
                  <span class="spoken">{spoken(line)}</span>
                </td>
                <td class="diff-text">
                  <code>{line.text}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}

function countOf(lines: readonly DiffLine[], kind: DiffLine['kind']): number {
  return lines.filter((line) => line.kind === kind).length;
}

function spoken({ kind }: DiffLine): string {
  const { added, removed, skipped } = words.clients.diff;
  return kind === 'same' ? '' : { added, removed, skipped }[kind];
}
