import type { ModelView } from '../contract.ts';
import { exportLines, keyInShell, type ClientTool, type ConfigTarget } from './client-tool.ts';
import type { ConfigValue } from './edit/config-value.ts';
import { jsonc } from './edit/jsonc.ts';
import { folderFrom, hasProgram, join, type Machine } from './machine.ts';

/** Zed makes the name of the variable with the key out of the provider's name. */
const provider = 'Kiro Pool';
const variable = 'KIRO_POOL_API_KEY';
const path = ['language_models', 'openai_compatible', provider] as const;

/** Zed: an OpenAI-compatible provider in its `settings.json`. The key comes from the keychain or its environment. */
export const zed: ClientTool = {
  name: 'zed',
  title: 'Zed',
  isInstalled: (machine) =>
    ['zed', 'zeditor'].some((name) => hasProgram(machine, name)) || machine.has(configFolder(machine)),
  config: (machine): ConfigTarget => ({
    path: join(machine, configFolder(machine), 'settings.json'),
    format: jsonc,
    mark: [...path, 'api_url'],
    settings: ({ url, models, model }) => [
      { path: [...path, 'api_url'], value: `${url}/v1` },
      ...models.map((each) => ({
        path: [...path, 'available_models', { by: 'name', is: each.id }],
        value: zedModel(each),
      })),
      ...(model === undefined ? [] : [{ path: ['agent', 'default_model'], value: { provider, model } }]),
    ],
  }),
  steps: (setup, machine) => [
    'Give Zed the key, either in Settings, AI, LLM Providers, Kiro Pool (it goes to the keychain); print it with:',
    'kiro-pool key show zed',
    'or where you start Zed from:',
    exportLines({ [variable]: keyInShell(setup, machine) }, machine).join('\n'),
  ],
};

function zedModel({ id, name, inputTypes, contextTokens, maxOutputTokens }: ModelView): ConfigValue {
  return {
    // What finds the entry again stands first.
    name: id,
    display_name: name,
    // Zed demands it; a small window only makes it compact early.
    max_tokens: contextTokens ?? 128_000,
    ...(maxOutputTokens === null ? {} : { max_output_tokens: maxOutputTokens }),
    capabilities: {
      tools: true,
      images: inputTypes.includes('image'),
      parallel_tool_calls: true,
      prompt_cache_key: false,
    },
  };
}

function configFolder(machine: Machine): string {
  if (machine.platform === 'win32') return join(machine, machine.env['APPDATA'] ?? machine.home, 'Zed');
  const config = join(machine, machine.home, '.config');
  return join(machine, machine.platform === 'linux' ? folderFrom(machine, 'XDG_CONFIG_HOME', config) : config, 'zed');
}
