import { exportLines, keyInShell, type ClientTool } from './client-tool.ts';

/** Any other tool and SDK: the variables that most of them read. */
export const plainEnvironment: ClientTool = {
  name: 'env',
  title: 'Environment variables',
  about: 'For any other tool or SDK: the variables that most of them read.',
  isInstalled: () => true,
  config: null,
  steps: (setup, machine) => [
    'For tools that speak OpenAI:',
    exportLines({ OPENAI_BASE_URL: `${setup.url}/v1`, OPENAI_API_KEY: keyInShell(setup, machine) }, machine).join('\n'),
    'For tools that speak Anthropic (their SDK adds /v1 itself):',
    exportLines({ ANTHROPIC_BASE_URL: setup.url, ANTHROPIC_AUTH_TOKEN: keyInShell(setup, machine) }, machine).join(
      '\n',
    ),
  ],
};
