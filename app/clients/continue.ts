import { keyInShell, keyVariable, type ClientTool, type ConfigTarget } from './client-tool.ts';
import { yaml } from './edit/yaml.ts';
import { folderFrom, hasProgram, join, type Machine } from './machine.ts';

const secret = `\${{ secrets.${keyVariable} }}`;

/** Continue: a list entry for each model in `config.yaml`. The key comes from its own file of secrets. */
export const continueDev: ClientTool = {
  name: 'continue',
  title: 'Continue',
  isInstalled: (machine) => hasProgram(machine, 'cn') || machine.has(configFolder(machine)),
  config: (machine): ConfigTarget => ({
    path: join(machine, configFolder(machine), 'config.yaml'),
    format: yaml,
    mark: ['models', { by: 'apiKey', is: secret }, 'apiBase'],
    settings: ({ url, models }, isNew) => [
      ...(isNew
        ? [
            { path: ['name'], value: 'Local config' },
            { path: ['version'], value: '1.0.0' },
            { path: ['schema'], value: 'v1' },
          ]
        : []),
      ...models.map(({ id, name, inputTypes, contextTokens, maxOutputTokens }) => ({
        path: ['models', { by: 'name', is: `${name} (Kiro Pool)` }],
        // What finds the entry again stands first.
        value: {
          name: `${name} (Kiro Pool)`,
          provider: 'openai',
          model: id,
          apiBase: `${url}/v1`,
          apiKey: secret,
          capabilities: ['tool_use', ...(inputTypes.includes('image') ? ['image_input'] : [])],
          ...(contextTokens === null && maxOutputTokens === null
            ? {}
            : {
                defaultCompletionOptions: {
                  ...(contextTokens === null ? {} : { contextLength: contextTokens }),
                  ...(maxOutputTokens === null ? {} : { maxTokens: maxOutputTokens }),
                },
              }),
        },
      })),
    ],
  }),
  steps: (setup, machine) => [
    `Put the key into ${join(machine, configFolder(machine), '.env')}, once:`,
    `echo "${keyVariable}=${keyInShell(setup, machine)}" >> "${join(machine, configFolder(machine), '.env')}"`,
    'Continue reads its config anew by itself; choose a model of Kiro Pool in its list.',
  ],
};

function configFolder(machine: Machine): string {
  return folderFrom(machine, 'CONTINUE_GLOBAL_DIR', join(machine, machine.home, '.continue'));
}
