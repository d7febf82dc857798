import type {
  DocumentPart,
  ImagePart,
  ReasoningProof,
  ToolCall,
  ToolResultPart,
  Turn,
} from '../conversation/conversation.ts';
import { ToolCallIds } from './wire-names.ts';

/**
 * A conversation in the order that Kiro demands (protocol §4.7): user and assistant alternate, the first and the last entry
 * are the user's, every tool call is answered in the entry right after it, and nothing else is answered.
 */
export type Entry = UserEntry | AssistantEntry;

export interface UserEntry {
  readonly role: 'user';
  /** Empty exactly when tool results, images or documents stand for it. */
  readonly text: string;
  readonly images: readonly ImagePart[];
  readonly documents: readonly DocumentPart[];
  readonly results: readonly Result[];
}

export interface Result {
  /** The wire id of the call it answers. */
  readonly callId: string;
  readonly text: string;
  readonly isError: boolean;
}

export interface AssistantEntry {
  readonly role: 'assistant';
  readonly text: string;
  /** With wire ids. */
  readonly calls: readonly ToolCall[];
  readonly reasoning: ReasoningProof | undefined;
}

/**
 * Brings turns into Kiro's order without losing a word: neighbours are joined, results without a call become text, calls
 * without a result get one that says so.
 * @param isKnown the tools that the request may declare; calls of any other, and their results, are written as text
 */
export function toEntries(turns: readonly Turn[], isKnown: (tool: string) => boolean): Entry[] {
  const drafts = joinNeighbours(turns.map((turn) => withoutUnknownCalls(turn, isKnown)));
  if (drafts[0]?.role === 'assistant') drafts.unshift(emptyUser());
  if (drafts.at(-1)?.role !== 'user') drafts.push(userAfter(drafts.at(-1)));
  const ids = new ToolCallIds();
  const entries: Entry[] = [];
  let asked: AssistantDraft | undefined;
  for (const draft of drafts) {
    if (draft.role === 'assistant') {
      asked = { ...draft, calls: draft.calls.map((call) => ({ ...call, wireId: ids.claim(call.id) })) };
      const calls = asked.calls.map(({ wireId, name, input }) => ({ id: wireId ?? '', name, input }));
      entries.push({ role: 'assistant', text: draft.texts.join('\n\n'), calls, reasoning: draft.reasoning });
    } else {
      entries.push(toUserEntry(draft, asked?.calls ?? []));
      asked = undefined;
    }
  }
  return entries;
}

interface UserDraft {
  readonly role: 'user';
  readonly texts: string[];
  readonly images: ImagePart[];
  readonly documents: DocumentPart[];
  readonly results: ToolResultPart[];
}

interface AssistantDraft {
  readonly role: 'assistant';
  readonly texts: string[];
  readonly calls: (ToolCall & { wireId?: string })[];
  reasoning: ReasoningProof | undefined;
}

/** Joined before tool pairs are looked at: a client may send the results of one turn as several messages. */
function joinNeighbours(turns: readonly Turn[]): (UserDraft | AssistantDraft)[] {
  const drafts: (UserDraft | AssistantDraft)[] = [];
  for (const turn of turns) {
    const last = drafts.at(-1);
    if (turn.role === 'user') {
      const draft = last?.role === 'user' ? last : emptyUser();
      if (draft !== last) drafts.push(draft);
      addParts(draft, turn.parts);
      continue;
    }
    // Kiro refuses an assistant turn with neither text nor calls; nothing is lost with it.
    if (isBlank(turn.text) && turn.toolCalls.length === 0) continue;
    const draft: AssistantDraft =
      last?.role === 'assistant' ? last : { role: 'assistant', texts: [], calls: [], reasoning: undefined };
    if (draft !== last) drafts.push(draft);
    if (!isBlank(turn.text)) draft.texts.push(turn.text);
    draft.calls.push(...turn.toolCalls);
    draft.reasoning = turn.reasoning ?? draft.reasoning;
  }
  return drafts;
}

function addParts(draft: UserDraft, parts: Extract<Turn, { role: 'user' }>['parts']): void {
  for (const part of parts) {
    if (part.type === 'text') {
      if (!isBlank(part.text)) draft.texts.push(part.text);
    } else if (part.type === 'image') draft.images.push(part);
    else if (part.type === 'document') draft.documents.push(part);
    else {
      draft.results.push(part);
      // Kiro knows images in user turns only; those of a result go into the same turn.
      draft.images.push(...part.images);
    }
  }
}

function toUserEntry(draft: UserDraft, calls: AssistantDraft['calls']): UserEntry {
  const waiting = Map.groupBy(draft.results.toReversed(), ({ callId }) => callId);
  const used = new Set<ToolResultPart>();
  const results = calls.map((call): Result => {
    const result = waiting.get(call.id)?.pop();
    const callId = call.wireId ?? call.id;
    if (!result) return { callId, text: 'The tool was not run.', isError: true };
    used.add(result);
    return { callId, text: isBlank(result.text) ? '(no output)' : result.text, isError: result.isError };
  });
  const orphans = draft.results.filter((result) => !used.has(result));
  const text = [...orphans.map(orphanText), ...draft.texts].join('\n\n');
  // Words of ours in a turn that carries results make models stop early; "" does not (protocol §4.7, trap 15).
  const { images, documents } = draft;
  const needsWords = text === '' && results.length + images.length + documents.length === 0;
  return { role: 'user', text: needsWords ? '(no content)' : text, images, documents, results };
}

function emptyUser(): UserDraft {
  return { role: 'user', texts: [], images: [], documents: [], results: [] };
}

/** What the user "says" after an assistant turn that the client left last: a prefill to continue, or calls never run. */
function userAfter(last: UserDraft | AssistantDraft | undefined): UserDraft {
  const wantsMore = last?.role === 'assistant' && last.calls.length === 0;
  return { ...emptyUser(), texts: wantsMore ? ['Continue.'] : [] };
}

function orphanText(result: ToolResultPart): string {
  return `[Result of the earlier tool call ${result.callId}]\n${result.text}`;
}

/** The results of these calls then have no call, and become text for that reason. */
function withoutUnknownCalls(turn: Turn, isKnown: (tool: string) => boolean): Turn {
  if (turn.role === 'user' || turn.toolCalls.every(({ name }) => isKnown(name))) return turn;
  const calls = turn.toolCalls
    .filter(({ name }) => !isKnown(name))
    .map(({ name, input }) => `[Called the tool ${name} with ${JSON.stringify(input)}]`);
  const text = [turn.text, ...calls].filter((part) => !isBlank(part)).join('\n\n');
  return { ...turn, text, toolCalls: turn.toolCalls.filter(({ name }) => isKnown(name)) };
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}
