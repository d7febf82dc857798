import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { applyEdits, modify } from 'jsonc-parser';
import { expect } from 'vitest';
import type { ServingOptions } from '../proxy/serving.ts';
import { startInterruptible, type InterruptibleClient } from '../real-clients/interruptible.ts';
import { programOf } from '../real-clients/real-client.ts';
import { command } from '../support/command.ts';

/** The packages that OpenCode speaks the three APIs with; they are part of its program. */
export const apis = ['@ai-sdk/openai-compatible', '@ai-sdk/openai', '@ai-sdk/anthropic'] as const;

export type Api = (typeof apis)[number];

/** Where OpenCode's program is; undefined, with a line that says why, when its package is not installed. */
export const program = programOf('OpenCode', 'opencode-linux-x64/bin/opencode');

/** The model that works, and the one that only names conversations. */
export const model = 'claude-sonnet-5';
export const smallModel = 'claude-haiku-4.5';

/** What keeps this OpenCode on this machine, as a person would have it. */
export const ownConfig = `{
  "$schema": "https://opencode.ai/config.json",
  // only what is here
  "enabled_providers": ["kiro-pool"],
  "autoupdate": false, "share": "disabled",
  "permission": { "edit": "allow", "bash": "allow", "webfetch": "deny", "external_directory": "allow", },
}
`;

/** The same in its environment. */
const quiet = {
  OPENCODE_DISABLE_AUTOUPDATE: '1',
  OPENCODE_DISABLE_MODELS_FETCH: '1',
  OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
  OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
  OPENCODE_DISABLE_SHARE: '1',
};

/** The real OpenCode, and where its config is. */
export interface OpenCode extends InterruptibleClient {
  readonly config: string;
}

/**
 * OpenCode as a user sets it up at the terminal, with the key in a file of its own; then on another of its APIs, if it is not the
 * one that `clients apply` chooses.
 */
export async function startOpenCode(api: Api, options: ServingOptions = {}): Promise<OpenCode> {
  if (program === undefined) throw new Error('OpenCode is not installed');
  await using opened = new AsyncDisposableStack();
  const client = opened.use(await startInterruptible(program, quiet, options));
  const { home, serving } = client;
  const config = join(home, '.config', 'opencode', 'opencode.jsonc');
  await mkdir(dirname(config), { recursive: true });
  await writeFile(config, ownConfig);
  const line = `clients apply opencode --model ${model} --small-model ${smallModel} --json`;
  const applied = await command({ HOME: home }, ...line.split(' '), '--data-dir', serving.dataDir);
  expect(applied).toMatchObject({ code: 0, err: '' });
  if (api !== apis[0]) await speak(config, api);
  const all = opened.move();
  return { ...client, config, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** Has it speak another API: all three begin at the same base. */
async function speak(config: string, api: Api): Promise<void> {
  const text = await readFile(config, 'utf8');
  await writeFile(config, applyEdits(text, modify(text, ['provider', 'kiro-pool', 'npm'], api, {})));
}
