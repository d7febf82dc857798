import { keyVariable, modelOf, type ClientTool, type ConfigTarget, type Setup } from './client-tool.ts';
import type { Setting } from './edit/config-edit.ts';
import type { ConfigValue } from './edit/config-value.ts';
import { toml } from './edit/toml.ts';
import { folderFrom, hasProgram, join, type Machine } from './machine.ts';

const id = 'kiro-pool';

/** Codex: a provider of its own in `config.toml`. It speaks OpenAI's Responses API only, and keeps its own model unless told. */
export const codex: ClientTool = {
  name: 'codex',
  title: 'Codex',
  isInstalled: (machine) => hasProgram(machine, 'codex') || machine.has(configFolder(machine)),
  config: (machine): ConfigTarget => ({
    path: join(machine, configFolder(machine), 'config.toml'),
    format: toml,
    mark: ['model_providers', id, 'base_url'],
    settings: (setup) => [
      ...chosenModel(setup),
      {
        path: ['model_providers', id],
        value: { name: 'Kiro Pool', base_url: `${setup.url}/v1`, wire_api: 'responses', ...keyOf(setup, machine) },
      },
    ],
  }),
  steps: (setup) => [
    setup.model === undefined
      ? `Start it with: codex -c model_provider=${id} -m ${modelOf(setup)}`
      : 'Start Codex anew: it uses Kiro Pool from now on.',
  ],
};

/** A command that prints the key (Codex asks it once, and again after a 401), or the variable that holds it. */
function keyOf({ keyFile }: Setup, { platform }: Machine): Record<string, ConfigValue> {
  if (keyFile === undefined) return { env_key: keyVariable };
  const [command, ...args] =
    platform === 'win32'
      ? ['powershell', '-NoProfile', '-Command', `Get-Content -Raw '${keyFile.replaceAll("'", "''")}'`]
      : ['cat', keyFile];
  return { auth: { command: command ?? 'cat', args, refresh_interval_ms: 0 } };
}

/** The context window besides: Codex has no table for models that are not OpenAI's. */
function chosenModel({ model, models }: Setup): Setting[] {
  if (model === undefined) return [];
  const window = models.find(({ id }) => id === model)?.contextTokens ?? null;
  return [
    { path: ['model'], value: model },
    { path: ['model_provider'], value: id },
    ...(window === null ? [] : [{ path: ['model_context_window'], value: window }]),
  ];
}

function configFolder(machine: Machine): string {
  return folderFrom(machine, 'CODEX_HOME', join(machine, machine.home, '.codex'));
}
