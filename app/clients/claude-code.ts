import { exportedKey, printKey, type ClientTool, type ConfigTarget, type Setup } from './client-tool.ts';
import { jsonc } from './edit/jsonc.ts';
import { folderFrom, hasProgram, join, type Machine } from './machine.ts';

/**
 * Claude Code: the user's `settings.json`. For each of its three families it is told the newest that the plans have, since the
 * one that it would ask for by itself may not be there. The key comes from a command, so that none stands in the file.
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
    settings: ({ url, keyFile, model, smallModel, models }) => [
      { path: ['apiKeyHelper'], value: keyFile === undefined ? exportedKey(machine) : printKey(keyFile, machine) },
      {
        path: ['env'],
        value: {
          ANTHROPIC_BASE_URL: url,
          ...newestOfFamilies(models),
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

/** In Anthropic's spelling, with dashes for dots: Claude Code knows what these can do. */
function newestOfFamilies(models: Setup['models']): Readonly<Record<string, string>> {
  const newestOf = (family: string): string | undefined =>
    models
      .map(({ id }) => id)
      .filter((id) => id.startsWith(`claude-${family}-`))
      .toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }))[0];
  const entries = [
    ['ANTHROPIC_DEFAULT_OPUS_MODEL', ['opus', 'sonnet', 'haiku']],
    ['ANTHROPIC_DEFAULT_SONNET_MODEL', ['sonnet', 'opus', 'haiku']],
    ['ANTHROPIC_DEFAULT_HAIKU_MODEL', ['haiku', 'sonnet', 'opus']],
  ] as const;
  return Object.fromEntries(
    entries.flatMap(([variable, families]) => {
      const model = families.map((family) => newestOf(family)).find((id) => id !== undefined);
      return model === undefined ? [] : [[variable, model.replaceAll('.', '-')]];
    }),
  );
}

function configFolder(machine: Machine): string {
  return folderFrom(machine, 'CLAUDE_CONFIG_DIR', join(machine, machine.home, '.claude'));
}
