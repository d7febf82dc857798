import { exportedKey, printKey, type ClientTool, type ConfigTarget } from './client-tool.ts';
import { jsonc } from './edit/jsonc.ts';
import { folderFrom, hasProgram, join, type Machine } from './machine.ts';

/**
 * Claude Code: the user's `settings.json`. It asks for Anthropic's own model names, which the endpoint maps, and is told ours
 * only when one is chosen. The key comes from a command, so that none stands in the file.
 */
export const claudeCode: ClientTool = {
  name: 'claude-code',
  title: 'Claude Code',
  isInstalled: (machine) => hasProgram(machine, 'claude') || machine.has(configFolder(machine)),
  config: (machine): ConfigTarget => ({
    path: join(machine, configFolder(machine), 'settings.json'),
    format: jsonc,
    // The SDK adds /v1 itself.
    mark: ['env', 'ANTHROPIC_BASE_URL'],
    settings: ({ url, keyFile, model, smallModel }) => [
      { path: ['apiKeyHelper'], value: keyFile === undefined ? exportedKey(machine) : printKey(keyFile, machine) },
      {
        path: ['env'],
        value: {
          ANTHROPIC_BASE_URL: url,
          ...(model === undefined ? {} : { ANTHROPIC_MODEL: model }),
          ...(smallModel === undefined
            ? {}
            : { ANTHROPIC_DEFAULT_HAIKU_MODEL: smallModel, ANTHROPIC_SMALL_FAST_MODEL: smallModel }),
        },
      },
    ],
  }),
  steps: (_setup, { env }) => [
    ...['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN']
      .filter((name) => env[name] !== undefined)
      .map((name) => `Unset ${name}: Claude Code would send it in place of the key.`),
    'Start Claude Code anew. It uses Kiro Pool for everything; undo gives it back to Anthropic.',
  ],
};

function configFolder(machine: Machine): string {
  return folderFrom(machine, 'CLAUDE_CONFIG_DIR', join(machine, machine.home, '.claude'));
}
