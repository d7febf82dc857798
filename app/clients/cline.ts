import { keyInShell, modelOf, type ClientTool } from './client-tool.ts';
import { hasProgram, join } from './machine.ts';

/** Cline keeps keys in a store of its own, in the editor's or of its command, so that it has to be told by its own means. */
export const cline: ClientTool = {
  name: 'cline',
  title: 'Cline',
  isInstalled: (machine) =>
    hasProgram(machine, 'cline') ||
    ['.cline', '.config/Code/User/globalStorage/saoudrizwan.claude-dev'].some((folder) =>
      machine.has(join(machine, machine.home, folder)),
    ),
  config: null,
  steps: (setup, machine) => [
    'For the command, run once:',
    `cline auth -p openai-compatible -b ${setup.url}/v1 -m ${modelOf(setup)} -k "${keyInShell(setup, machine)}"`,
    `In the editor: Settings, API Provider "OpenAI Compatible", Base URL ${setup.url}/v1, Model ID ${modelOf(setup)}.`,
    'The key to paste there: kiro-pool key show cline',
  ],
};
