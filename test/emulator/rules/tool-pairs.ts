import { isArray, isObject, stringOf, type Json, type JsonObject } from '../json.ts';
import { badRequest } from '../refusal.ts';
import { offeredTools, type RequestView } from './view.ts';

const ID = /^[a-zA-Z0-9_-]{1,64}$/;

/** Tool uses and their results (protocol §4.7, §4.8). */
export const TOOL_PAIR_RULES: readonly ((view: RequestView) => void)[] = [
  toolUseShape,
  toolUseIdPattern,
  toolUseInput,
  toolUseIdsUnique,
  toolResultShape,
  toolResultsUnique,
  toolResultContent,
  resultsMatchPrecedingTurn,
  usesAreAnswered,
  usedToolsDeclared,
];

function toolUseShape({ assistants }: RequestView): void {
  for (const { toolUses, where } of assistants) {
    for (const use of toolUses) {
      if (typeof use['toolUseId'] !== 'string' || typeof use['name'] !== 'string' || use['name'] === '') {
        throw badRequest('tool-use-shape', `${where}: a tool use needs toolUseId and name`);
      }
    }
  }
}

function toolUseIdPattern({ assistants, users }: RequestView): void {
  const named = [...assistants.flatMap((turn) => turn.toolUses), ...users.flatMap((turn) => turn.toolResults)];
  for (const { toolUseId } of named.map((one) => ({ toolUseId: stringOf(one['toolUseId']) }))) {
    if (!ID.test(toolUseId)) throw badRequest('tool-use-id-pattern', `toolUseId ${JSON.stringify(toolUseId)}`);
  }
}

function toolUseInput({ assistants }: RequestView): void {
  for (const { toolUses, where } of assistants) {
    if (toolUses.some((use) => !isObject(use['input'])))
      throw badRequest('tool-use-input', `${where}: input must be an object`);
  }
}

function toolUseIdsUnique({ assistants }: RequestView): void {
  const repeated = firstRepeated(assistants.flatMap((turn) => turn.toolUses));
  if (repeated !== undefined)
    throw badRequest('tool-use-duplicate', `toolUseId ${repeated} is used twice`, 'TOOL_DUPLICATE');
}

function toolResultShape({ users }: RequestView): void {
  for (const { toolResults, where } of users) {
    for (const result of toolResults) {
      const unknown = Object.keys(result).find((member) => !['toolUseId', 'content', 'status'].includes(member));
      const { status } = result;
      if (unknown !== undefined || (status !== undefined && status !== 'success' && status !== 'error')) {
        throw badRequest('tool-result-shape', `${where}: ${unknown ?? `status ${JSON.stringify(status)}`}`);
      }
    }
  }
}

function toolResultsUnique({ users }: RequestView): void {
  const repeated = firstRepeated(users.flatMap((turn) => turn.toolResults));
  if (repeated !== undefined) {
    throw badRequest('tool-result-duplicate', `toolUseId ${repeated} is answered twice`, 'TOOL_USE_RESULT_MISMATCH');
  }
}

/** Each result holds at least one block, and each block non-blank text or json (protocol §4.7, §4.11). */
function toolResultContent({ users }: RequestView): void {
  for (const { toolResults, where } of users) {
    for (const { content } of toolResults) {
      if (!isArray(content) || content.length === 0 || !content.every((block) => isBlock(block))) {
        throw badRequest('tool-result-content', `${where}: a tool result needs non-empty text or json`);
      }
    }
  }
}

function resultsMatchPrecedingTurn({ turns }: RequestView): void {
  turns.forEach((turn, index) => {
    if (turn.role !== 'user') return;
    const before = turns[index - 1];
    const asked = before?.role === 'assistant' ? idsOf(before.toolUses) : [];
    const orphan = idsOf(turn.toolResults).find((id) => !asked.includes(id));
    if (orphan !== undefined) {
      throw badRequest(
        'tool-result-orphan',
        `${turn.where}: ${orphan} answers no use of the turn before`,
        'TOOL_USE_RESULT_MISMATCH',
      );
    }
  });
}

function usesAreAnswered({ turns }: RequestView): void {
  turns.forEach((turn, index) => {
    if (turn.role !== 'assistant') return;
    const after = turns[index + 1];
    const answered = after?.role === 'user' ? idsOf(after.toolResults) : [];
    const open = idsOf(turn.toolUses).find((id) => !answered.includes(id));
    if (open !== undefined) {
      throw badRequest(
        'tool-use-unanswered',
        `${turn.where}: ${open} is not answered in the next turn`,
        'TOOL_USE_RESULT_MISMATCH',
      );
    }
  });
}

function usedToolsDeclared(view: RequestView): void {
  const offered = offeredTools(view).map((tool) => tool.name);
  for (const { toolUses, where } of view.assistants) {
    const missing = toolUses.map((use) => stringOf(use['name'])).find((name) => !offered.includes(name));
    if (missing !== undefined) {
      const reason = offered.length === 0 ? 'TOOL_CONFIG_MISSING' : 'REQUEST_BODY_INVALID';
      throw badRequest('tool-undeclared', `${where}: ${missing} is not declared in the current message`, reason);
    }
  }
}

function isBlock(block: Json): boolean {
  if (!isObject(block) || Object.keys(block).length !== 1) return false;
  if (typeof block['text'] === 'string') return block['text'].trim() !== '';
  return block['json'] !== undefined && block['json'] !== null;
}

function idsOf(named: readonly JsonObject[]): string[] {
  return named.map((one) => stringOf(one['toolUseId']));
}

function firstRepeated(named: readonly JsonObject[]): string | undefined {
  const ids = idsOf(named);
  return ids.find((id, index) => ids.indexOf(id) !== index);
}
