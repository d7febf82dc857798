import type { ConfigTarget, Setup } from './client-tool.ts';
import { digestOf } from './config-file.ts';
import { parseConfig, recordOf, rewrite, takenBack, withSettings, type ConfigFormat } from './edit/config-edit.ts';
import { isEmptyContainer, isSame } from './edit/config-value.ts';
import type { SetupRecord } from './setup-record.ts';

type FileRecord = NonNullable<SetupRecord['file']>;

/** What becomes of one config, worked out before anything is written. */
export interface SetupPlan {
  /** The text as it is; null when there is no file. */
  readonly before: string | null;
  /** The text as it will be, and what it will say. */
  readonly after: string;
  readonly root: unknown;
  readonly record: Omit<FileRecord, 'madeFolder'>;
}

/**
 * Works out a set-up. What an earlier one wrote is taken back in thought first, so that a model which is gone leaves the config,
 * and undo leads to what was there before the first.
 * @throws ClientError
 */
export function planSetup(
  target: ConfigTarget,
  setup: Setup,
  { text, record }: { text: string | null; record: FileRecord | undefined },
): SetupPlan {
  const { format, path } = target;
  const baseline = record && text !== null ? planUndo(text, record, format) : text;
  const from = parseConfig(text ?? '', format);
  const base = parseConfig(baseline ?? '', format);
  const settings = target.settings(setup, baseline === null);
  const root = withSettings(base, settings);
  const after = text !== null && isSame(from ?? {}, root) ? text : rewrite(text ?? '', root, format);
  const written = recordOf(base, settings);
  return { before: text, after, root, record: { path, baseline, digest: digestOf(after), written } };
}

/**
 * The text without what we wrote; null when the file was made by us and nothing else is in it.
 * @throws ClientError
 */
export function planUndo(text: string, record: FileRecord, format: ConfigFormat): string | null {
  if (digestOf(text) === record.digest) return record.baseline;
  const from = parseConfig(text, format);
  const root = takenBack(from, record.written);
  if (isSame(from, root)) return text;
  const after = rewrite(text, root, format);
  const isBlank = isEmptyContainer(root) && /^[\s{}\uFEFF]*$/.test(after);
  return record.baseline === null && isBlank ? null : after;
}
