import type { SettingsFile } from './store/settings-file.ts';

/** What an engine has come to since it was opened. */
export interface Condition {
  /** Base URL of the endpoint; null while it does not listen. */
  url: string | null;
  /** The port that was wanted and is taken by another program. */
  takenPort: number | null;
  /** Sentences. */
  readonly problems: string[];
}

/** What is wrong, with the settings as they are now. */
export function problemsOf(parts: { readonly condition: Condition; readonly settings: SettingsFile }): string[] {
  return [...parts.condition.problems, ...parts.settings.problems()];
}
