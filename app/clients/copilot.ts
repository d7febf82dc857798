import { exportLines, keyInShell, modelOf, type ClientTool } from './client-tool.ts';
import { hasProgram, join } from './machine.ts';

/** GitHub Copilot CLI takes a provider of one's own from its environment only. */
export const copilot: ClientTool = {
  name: 'copilot',
  title: 'GitHub Copilot CLI',
  isInstalled: (machine) => hasProgram(machine, 'copilot') || machine.has(join(machine, machine.home, '.copilot')),
  config: null,
  steps: (setup, machine) => [
    'Set these where you start it, such as in the profile of your shell:',
    exportLines(
      {
        COPILOT_PROVIDER_BASE_URL: `${setup.url}/v1`,
        COPILOT_PROVIDER_TYPE: 'openai',
        COPILOT_PROVIDER_WIRE_API: 'completions',
        COPILOT_PROVIDER_API_KEY: keyInShell(setup, machine),
        COPILOT_MODEL: modelOf(setup),
      },
      machine,
    ).join('\n'),
    'Then start it anew: copilot',
  ],
};
