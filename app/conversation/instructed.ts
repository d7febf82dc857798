import type { Turn } from './conversation.ts';

/** One message of a client's request: instructions, or already a turn. */
export type Message = { readonly role: 'system'; readonly text: string } | Turn;

/**
 * Parts messages into leading instructions and turns. Instructions in the middle become marked user text, which is all that Kiro
 * has for them (protocol §4.7); a request of instructions alone becomes one user turn. Assistant messages that say nothing
 * and call nothing, left over from aborted answers, are dropped.
 */
export function turnsOf(messages: readonly Message[]): { system: string; turns: readonly Turn[] } {
  const firstTurn = messages.findIndex((message) => message.role !== 'system');
  const leading = firstTurn < 0 ? messages : messages.slice(0, firstTurn);
  const system = leading
    .map((message) => (message.role === 'system' ? message.text : ''))
    .filter((text) => text !== '');
  const turns = messages
    .slice(leading.length)
    .map((message) => (message.role === 'system' ? userText(reminder(message.text)) : message))
    .filter((turn) => turn.role === 'user' || turn.text !== '' || turn.toolCalls.length > 0);
  if (turns.length > 0) return { system: system.join('\n\n'), turns };
  return { system: '', turns: [userText(system.join('\n\n'))] };
}

function userText(text: string): Turn {
  return { role: 'user', parts: [{ type: 'text', text }] };
}

/**
 * Kiro knows no instructions in the middle of a conversation. Marked as Claude Code marks them for models that know none either,
 * since what stands there bare would pass for the user's own words.
 */
function reminder(text: string): string {
  return `<system-reminder>\n${text}\n</system-reminder>`;
}
