import { exportLines, keyInShell, keyVariable, type ClientTool, type ConfigTarget } from './client-tool.ts';
import { jsonc } from './edit/jsonc.ts';
import { hasProgram, join } from './machine.ts';

/** Qwen Code: a list entry for each model in the user's `settings.json`. The key comes from a variable that the entry names. */
export const qwenCode: ClientTool = {
  name: 'qwen-code',
  title: 'Qwen Code',
  isInstalled: (machine) => hasProgram(machine, 'qwen') || machine.has(join(machine, machine.home, '.qwen')),
  config: (machine): ConfigTarget => ({
    path: join(machine, machine.home, '.qwen', 'settings.json'),
    format: jsonc,
    mark: ['modelProviders', 'openai', { by: 'envKey', is: keyVariable }, 'baseUrl'],
    settings: ({ url, models, model }) => [
      ...models.map(({ id, name, contextTokens }) => ({
        path: ['modelProviders', 'openai', { by: 'name', is: `${name} (Kiro Pool)` }],
        // What finds the entry again stands first.
        value: {
          name: `${name} (Kiro Pool)`,
          id,
          baseUrl: `${url}/v1`,
          envKey: keyVariable,
          ...(contextTokens === null ? {} : { generationConfig: { contextWindowSize: contextTokens } }),
        },
      })),
      ...(model === undefined
        ? []
        : [
            { path: ['security', 'auth', 'selectedType'], value: 'openai' },
            { path: ['model', 'name'], value: model },
          ]),
    ],
  }),
  steps: (setup, machine) => [
    'Set this where you start it, such as in the profile of your shell:',
    exportLines({ [keyVariable]: keyInShell(setup, machine) }, machine).join('\n'),
    'Then start it anew: qwen, and choose a model of Kiro Pool with /model.',
  ],
};
