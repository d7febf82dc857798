import type { ModelView } from '../contract.ts';
import { keyVariable, type ClientTool, type ConfigTarget, type Setup, type ToolFault } from './client-tool.ts';
import type { ConfigValue } from './edit/config-value.ts';
import { childOf, isList, valueAt } from './edit/config-value.ts';
import { jsonc } from './edit/jsonc.ts';
import { folderFrom, hasProgram, join, type Machine } from './machine.ts';

const id = 'kiro-pool';

/** OpenCode: a provider of its own in the user's global `opencode.json` or `opencode.jsonc`. */
export const openCode: ClientTool = {
  name: 'opencode',
  title: 'OpenCode',
  isInstalled: (machine) => hasProgram(machine, 'opencode') || machine.has(configFolder(machine)),
  config: (machine): ConfigTarget => ({
    path: configPath(machine),
    format: jsonc,
    mark: ['provider', id, 'options', 'baseURL'],
    settings: (setup, isNew) => [
      ...(isNew ? [{ path: ['$schema'], value: 'https://opencode.ai/config.json' }] : []),
      { path: ['provider', id], value: openCodeProvider(setup) },
      ...(setup.model === undefined ? [] : [{ path: ['model'], value: `${id}/${setup.model}` }]),
      ...(setup.smallModel === undefined ? [] : [{ path: ['small_model'], value: `${id}/${setup.smallModel}` }]),
    ],
  }),
  steps: ({ model }, _machine, root) => [
    ...lockedOut(root).map(({ fix }) => fix ?? ''),
    model === undefined
      ? 'Start OpenCode anew and choose a model of Kiro Pool with /models.'
      : 'Start OpenCode anew: it begins with the model you chose.',
  ],
  faults: (root, setup) => [...lockedOut(root), ...clash(root), ...withoutLimits(root, setup)],
};

/** The config for somebody who pastes it, with the key from the environment. */
export function openCodeConfig(setup: Pick<Setup, 'url' | 'models'>): object {
  return {
    $schema: 'https://opencode.ai/config.json',
    provider: { [id]: openCodeProvider({ ...setup, keyFile: undefined }) },
  };
}

/**
 * The provider's id is `kiro-pool`: `kiro` is taken. OpenCode drops pictures silently for a model without `modalities`, and
 * compacts by `limit`, so both come from the live catalogue. Credits are no money, so the cost is 0.
 */
function openCodeProvider({ url, models, keyFile }: Setup): ConfigValue {
  return {
    npm: '@ai-sdk/openai-compatible',
    name: 'Kiro Pool',
    options: { baseURL: `${url}/v1`, apiKey: keyFile === undefined ? `{env:${keyVariable}}` : fileReference(keyFile) },
    models: Object.fromEntries(models.map((model) => [model.id, openCodeModel(model)])),
  };
}

/** OpenCode reads the reference before it reads the JSON around it: a backslash would reach it doubled. */
function fileReference(path: string): string {
  return `{file:${path.replaceAll('\\', '/')}}`;
}

function openCodeModel({ name, inputTypes, efforts, contextTokens, maxOutputTokens }: ModelView): ConfigValue {
  return {
    name,
    tool_call: true,
    attachment: inputTypes.includes('image'),
    reasoning: efforts.length > 0,
    modalities: { input: inputTypes, output: ['text'] },
    cost: { input: 0, output: 0 },
    ...(contextTokens !== null && maxOutputTokens !== null
      ? { limit: { context: contextTokens, output: maxOutputTokens } }
      : {}),
    ...(efforts.length > 0
      ? { variants: Object.fromEntries(efforts.map((effort) => [effort, { reasoningEffort: effort }])) }
      : {}),
  };
}

/** A list of allowed providers without ours leaves it out silently. */
function lockedOut(root: unknown): ToolFault[] {
  const enabled = childOf(root, 'enabled_providers');
  const disabled = childOf(root, 'disabled_providers');
  const faults: ToolFault[] = [];
  if (isList(enabled) && !enabled.includes(id)) {
    faults.push({
      detail: 'Its config allows other providers only (enabled_providers).',
      fix: `Add "${id}" to enabled_providers.`,
    });
  }
  if (isList(disabled) && disabled.includes(id)) {
    faults.push({
      detail: 'Its config switches Kiro Pool off (disabled_providers).',
      fix: `Take "${id}" out of disabled_providers.`,
    });
  }
  return faults;
}

/** Plugins that speak to Kiro themselves use the id `kiro`: a provider of that name here would be mixed with theirs. */
function clash(root: unknown): ToolFault[] {
  const url = valueAt(root, ['provider', 'kiro', 'options', 'baseURL']);
  const isHere = typeof url === 'string' && /^https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\])[:/]/.test(url);
  const detail = 'A provider named "kiro" points to this machine, and that name is taken by plugins for Kiro.';
  return isHere ? [{ detail, fix: `Take the provider "kiro" out of its config: "${id}" is Kiro Pool.` }] : [];
}

/** Without limits it does not compact, and the conversation ends in an error. */
function withoutLimits(root: unknown, { models }: Setup): ToolFault[] {
  const unlimited = models.filter(
    ({ id: model, contextTokens, maxOutputTokens }) =>
      contextTokens !== null &&
      maxOutputTokens !== null &&
      valueAt(root, ['provider', id, 'models', model]) !== undefined &&
      typeof valueAt(root, ['provider', id, 'models', model, 'limit', 'context']) !== 'number',
  );
  const count = unlimited.length === 1 ? 'a model' : `${unlimited.length} models`;
  return unlimited.length === 0
    ? []
    : [{ detail: `It does not know the limits of ${count}, and would not compact.`, fix: null }];
}

/** OpenCode reads `opencode.json` and then `opencode.jsonc`, on every platform below `.config`. */
function configPath(machine: Machine): string {
  const chosen = folderFrom(machine, 'OPENCODE_CONFIG', '');
  if (chosen !== '') return chosen;
  const folder = configFolder(machine);
  const candidates = ['opencode.jsonc', 'opencode.json'].map((name) => join(machine, folder, name));
  return candidates.find((path) => machine.has(path)) ?? join(machine, folder, 'opencode.json');
}

function configFolder(machine: Machine): string {
  const base = folderFrom(machine, 'XDG_CONFIG_HOME', join(machine, machine.home, '.config'));
  return folderFrom(machine, 'OPENCODE_CONFIG_DIR', join(machine, base, 'opencode'));
}
