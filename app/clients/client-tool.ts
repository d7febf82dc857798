import type { ModelView } from '../contract.ts';
import type { ConfigFormat, Setting } from './edit/config-edit.ts';
import type { ConfigPath } from './edit/config-value.ts';
import type { Machine } from './machine.ts';

/** What a tool is told. */
export interface Setup {
  /** Base URL of the endpoint, without `/v1`. */
  readonly url: string;
  readonly models: readonly ModelView[];
  /** The model to start with; its own choice when undefined. */
  readonly model?: string | undefined;
  /** The cheap model for titles and summaries; left as it is when undefined. */
  readonly smallModel?: string | undefined;
  /** The file that holds the tool's key, absolute; undefined where somebody reads it who has no such file. */
  readonly keyFile: string | undefined;
}

/** How one coding tool is set up. Pure: everything about the machine comes in. */
export interface ClientTool {
  readonly name: string;
  readonly title: string;
  /** What it is good for, one sentence, where that is not plain from its title. */
  readonly about?: string;
  readonly isInstalled: (machine: Machine) => boolean;
  /** The config of the user's that is changed; null for a tool that only takes environment variables. */
  readonly config: ((machine: Machine) => ConfigTarget) | null;
  /** What the user does besides, one sentence or command a step. `root` is the config as it will be. */
  readonly steps: (setup: Setup, machine: Machine, root: unknown) => readonly string[];
  /** What in its config keeps a set-up from working well. */
  readonly faults?: (root: unknown, setup: Setup) => readonly ToolFault[];
}

export interface ToolFault {
  readonly detail: string;
  /** What the user does about it; null when setting the tool up again mends it. */
  readonly fix: string | null;
}

export interface ConfigTarget {
  readonly path: string;
  readonly format: ConfigFormat;
  /** @param isNew whether the file is made by us */
  readonly settings: (setup: Setup, isNew: boolean) => readonly Setting[];
  /** Where the endpoint's URL stands once the tool is set up. */
  readonly mark: ConfigPath;
}

/** The variable that holds the key, for tools that take it from their environment only. */
export const keyVariable = 'KIRO_POOL_KEY';

/** The model for a tool that must be told one: Kiro's own choice where the accounts have it. */
export function modelOf({ model, models }: Setup): string {
  return model ?? models.find(({ id }) => id === 'auto')?.id ?? models[0]?.id ?? 'auto';
}

/** A command that prints the key, for the shells that tools run their key commands in. */
export function printKey(keyFile: string, { platform }: Pick<Machine, 'platform'>): string {
  return platform === 'win32'
    ? `powershell -NoProfile -Command "Get-Content -Raw '${keyFile.replaceAll("'", "''")}'"`
    : `cat '${keyFile.replaceAll("'", String.raw`'\''`)}'`;
}

/** The same for the key in the variable `KIRO_POOL_KEY`. */
export function exportedKey({ platform }: Pick<Machine, 'platform'>): string {
  return platform === 'win32' ? `powershell -NoProfile -Command "$env:${keyVariable}"` : `echo "$${keyVariable}"`;
}

/** Lines that set variables in the shell that people have on the platform. */
export function exportLines(
  variables: Readonly<Record<string, string>>,
  { platform }: Pick<Machine, 'platform'>,
): string[] {
  return Object.entries(variables).map(([name, value]) =>
    platform === 'win32' ? `$env:${name} = "${value}"` : `export ${name}="${value}"`,
  );
}

/** The key as a shell fills it in. */
export function keyInShell({ keyFile }: Pick<Setup, 'keyFile'>, machine: Pick<Machine, 'platform'>): string {
  if (keyFile === undefined) return '$(kiro-pool key show)';
  return machine.platform === 'win32' ? `$(Get-Content -Raw '${keyFile}')` : `$(${printKey(keyFile, machine)})`;
}
