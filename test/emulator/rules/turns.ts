import { badRequest } from '../refusal.ts';
import type { RequestView } from './view.ts';

/** The order and substance of turns (protocol §4.7). */
export const TURN_RULES: readonly ((view: RequestView) => void)[] = [
  firstTurnIsUser,
  rolesAlternate,
  userTurnHasSubstance,
  assistantTurnHasSubstance,
];

function firstTurnIsUser({ turns }: RequestView): void {
  if (turns[0]?.role !== 'user') throw badRequest('first-turn-user', 'the history starts with an assistant turn');
}

function rolesAlternate({ turns }: RequestView): void {
  turns.forEach((turn, index) => {
    const next = turns[index + 1];
    if (next?.role === turn.role)
      throw badRequest('roles-alternate', `${turn.where} and ${next.where} are both ${turn.role} turns`);
  });
}

function userTurnHasSubstance({ users }: RequestView): void {
  for (const user of users) {
    const hasParts = user.images.length + user.documents.length + user.toolResults.length > 0;
    if (user.content.trim() === '' && !hasParts) {
      throw badRequest('user-turn-empty', `${user.where} has neither text nor image nor tool result`);
    }
  }
}

function assistantTurnHasSubstance({ assistants }: RequestView): void {
  for (const assistant of assistants) {
    if (assistant.content.trim() === '' && assistant.toolUses.length === 0) {
      throw badRequest('assistant-turn-empty', `${assistant.where} has neither text nor tool uses`);
    }
  }
}

const FILLERS = new Set([
  'tool results provided.',
  'continue',
  '.',
  '(no content)',
  '(empty placeholder)',
  'the requested tool result is attached.',
  'the tool completed without textual output.',
]);

/** Legal but unwise: filler text beside tool results makes models stop early (protocol §4.7). Returns notes for the journal. */
export function unwiseNotes({ users, assistants }: RequestView): string[] {
  const notes: string[] = [];
  if (users.some((user) => user.toolResults.length > 0 && FILLERS.has(user.content.trim().toLowerCase()))) {
    notes.push('tool-result-filler');
  }
  if (users.some((user) => user.toolResults.length === 0 && FILLERS.has(user.content.trim().toLowerCase()))) {
    notes.push('user-filler');
  }
  if (assistants.some((assistant) => FILLERS.has(assistant.content.trim().toLowerCase())))
    notes.push('assistant-filler');
  return notes;
}
