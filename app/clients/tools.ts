import { ClientError } from './client-error.ts';
import type { ClientTool } from './client-tool.ts';
import { claudeCode } from './claude-code.ts';
import { cline } from './cline.ts';
import { codex } from './codex.ts';
import { continueDev } from './continue.ts';
import { copilot } from './copilot.ts';
import { openCode } from './opencode.ts';
import { plainEnvironment } from './plain-environment.ts';
import { qwenCode } from './qwen-code.ts';
import { zed } from './zed.ts';

/** Every tool that can be set up, in the order they are shown. */
export const tools: readonly ClientTool[] = [
  openCode,
  claudeCode,
  codex,
  copilot,
  qwenCode,
  cline,
  continueDev,
  zed,
  plainEnvironment,
];

/** @throws ClientError `unknown-client` */
export function toolNamed(name: string): ClientTool {
  const tool = tools.find((each) => each.name === name);
  if (tool) return tool;
  throw new ClientError(
    'unknown-client',
    `There is no tool named ${JSON.stringify(name.slice(0, 40))} here.`,
    `The tools are ${tools.map((each) => each.name).join(', ')}.`,
  );
}
