import { exportLines, keyInShell, keyVariable, type ClientTool, type Setup } from './client-tool.ts';
import { rewrite, withSettings } from './edit/config-edit.ts';
import type { Machine } from './machine.ts';

/** What a tool needs, for somebody who puts it in by hand: as plain values, and as text with where it goes. */
export interface ShownSetup {
  readonly settings: unknown;
  readonly text: string;
}

/** The key comes from the variable `KIRO_POOL_KEY`: a key file is made when a tool is set up. */
export function showSetup(tool: ClientTool, setup: Setup, machine: Machine): ShownSetup {
  const target = tool.config?.(machine);
  const root = target && withSettings(undefined, target.settings(setup, true));
  const steps = tool.steps(setup, machine, root);
  const text = steps.map((step) => `${step}\n`).join('');
  if (!target) return { settings: { steps }, text };
  const config = rewrite('', root, target.format);
  const where = `This goes into ${target.path}.\n`;
  const [variable] = exportLines({ [keyVariable]: keyInShell(setup, machine) }, machine);
  const key = `Start it with the key in its environment:\n\n  ${variable}\n`;
  const apply = `\nOr let Kiro Pool do it, with a key of its own: kiro-pool clients apply ${tool.name}\n`;
  return { settings: root, text: `${config}\n${where}${key}${apply}${text}` };
}
