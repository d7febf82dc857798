import type { Answer, Turn } from './brain-types.ts';
import { findDirectives, planRounds, type PlannedCall } from './directives.ts';

const FRIENDLY = [
  'Hello! This is the built-in emulator speaking, so no credits were spent on this answer. ',
  'I can stream a few sentences like these, and I can call the tools that you offer me. ',
  'Ask me to create, read or replace a file, or to run a command. 👋',
].join('');

/**
 * A model good enough to drive a coding agent without any set-up: it follows the directives of directives.ts, one round of tool
 * calls per turn, and says DONE. Progress is read from the history only, never kept.
 */
export function defaultBrain(turn: Turn): Answer {
  const answer = followDirectives(turn) ?? smallTalk(turn);
  return turn.isThinking && answer.reasoning === undefined ? { ...answer, reasoning: thought(turn) } : answer;
}

function followDirectives(turn: Turn): Answer | undefined {
  const { asked, roundsDone } = lastRequest(turn);
  const chain = findDirectives(asked);
  if (chain === undefined) return undefined;
  const plan = planRounds(chain, turn.tools, workingDirectory(turn));
  if (turn.tools.length === 0 && plan.rounds.length > 0) return undefined;
  const round = plan.rounds[roundsDone];
  if (round === undefined) return plan.text === undefined ? { text: 'DONE' } : { text: plan.text };
  const missing = round.find((call): call is Extract<PlannedCall, { missing: string }> => 'missing' in call);
  if (missing !== undefined) return { text: `I was offered no tool that can ${missing.missing}.` };
  return { text: 'Working on it.', toolCalls: round.flatMap((call) => ('missing' in call ? [] : [call])) };
}

/** The text of the newest turn in which the user asked for something, and how many rounds of tool calls followed it. */
function lastRequest(turn: Turn): { asked: string; roundsDone: number } {
  let roundsDone = 0;
  if (isRequest(turn.text, turn.toolResults.length)) return { asked: turn.text, roundsDone };
  for (const past of turn.history.toReversed()) {
    if (past.role === 'assistant') roundsDone += past.toolUses.length > 0 ? 1 : 0;
    else if (isRequest(past.text, past.toolResults.length)) return { asked: past.text, roundsDone };
  }
  return { asked: '', roundsDone };
}

/** A turn with tool results may carry a filler text (protocol §4.7); only a directive in it makes it a new request. */
function isRequest(text: string, resultCount: number): boolean {
  return text.trim() !== '' && (resultCount === 0 || findDirectives(text) !== undefined);
}

function workingDirectory(turn: Turn): string | undefined {
  const texts = [turn.text, ...turn.history.toReversed().map((past) => past.text)];
  for (const text of texts) {
    const found = /(?:working directory|<cwd>|\bcwd):?\s*([^\s<>"'`]+)/i.exec(text)?.[1];
    if (found !== undefined && /^(?:\/|[A-Za-z]:)/.test(found)) return found;
  }
  return undefined;
}

function smallTalk(turn: Turn): Answer {
  if (turn.tools.length === 0 && /\btitle\b/i.test(turn.text)) return { text: 'A short talk with the emulator' };
  if (turn.imageCount > 0) return { text: `I received ${turn.imageCount} image(s). ${FRIENDLY}` };
  return { text: FRIENDLY };
}

function thought(turn: Turn): string {
  return `The user wrote ${turn.text.length} characters. I have ${turn.tools.length} tools. I will answer briefly – and carefully. 🤔`;
}
