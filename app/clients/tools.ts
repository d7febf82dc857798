import { ClientError } from './client-error.ts';
import type { ClientTool } from './client-tool.ts';
import { openCode } from './opencode.ts';

/** Every tool that can be set up, in the order they are shown. */
export const tools: readonly ClientTool[] = [openCode];

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
