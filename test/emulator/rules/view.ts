import type { OfferedTool, PastTurn, TurnToolResult } from '../brain-types.ts';
import { arrayOf, isArray, isObject, objectOf, stringOf, type Json, type JsonObject } from '../json.ts';

/** A user turn of a request whose shape was checked; `where` names it in details. */
export interface UserView {
  readonly role: 'user';
  readonly where: string;
  readonly raw: JsonObject;
  readonly content: string;
  readonly context: JsonObject;
  readonly images: readonly Json[];
  readonly documents: readonly Json[];
  readonly toolResults: readonly JsonObject[];
}

/** An assistant turn of a request whose shape was checked. */
interface AssistantView {
  readonly role: 'assistant';
  readonly where: string;
  readonly raw: JsonObject;
  readonly content: string;
  readonly toolUses: readonly JsonObject[];
}

/** A generate request, its members easy to reach (protocol §4.5). */
export interface RequestView {
  readonly body: JsonObject;
  readonly state: JsonObject;
  readonly turns: readonly (UserView | AssistantView)[];
  readonly history: readonly (UserView | AssistantView)[];
  readonly current: UserView;
  readonly users: readonly UserView[];
  readonly assistants: readonly AssistantView[];
  readonly tools: readonly Json[];
  readonly modelId: string;
}

/** Body → view. Missing or misshapen members become empty ones: the shape rules look at `raw` and `body`. */
export function viewOf(body: JsonObject): RequestView {
  const state = objectOf(body['conversationState']);
  const history = arrayOf(state['history']).map((entry, index) => turnOf(entry, `history[${index}]`));
  const current = userOf(objectOf(objectOf(state['currentMessage'])['userInputMessage']), 'currentMessage');
  const turns = [...history, current];
  return {
    body,
    state,
    history,
    current,
    turns,
    users: turns.filter((turn) => turn.role === 'user'),
    assistants: turns.filter((turn) => turn.role === 'assistant'),
    tools: arrayOf(current.context['tools']),
    modelId: stringOf(current.raw['modelId']),
  };
}

/** The tools as a brain sees them; cache points are no tools. */
export function offeredTools(view: RequestView): OfferedTool[] {
  return view.tools
    .map((tool) => objectOf(objectOf(tool)['toolSpecification']))
    .filter((specification) => specification['name'] !== undefined)
    .map((specification) => ({
      name: stringOf(specification['name']),
      description: stringOf(specification['description']),
      schema: objectOf(objectOf(specification['inputSchema'])['json']),
    }));
}

/** The tool results of a turn as a brain sees them. */
export function resultsOf(user: UserView): TurnToolResult[] {
  return user.toolResults.map((result) => ({
    toolUseId: stringOf(result['toolUseId']),
    status: stringOf(result['status']),
    text: arrayOf(result['content'])
      .map((block) => objectOf(block))
      .map((block) => (typeof block['text'] === 'string' ? block['text'] : JSON.stringify(block['json'] ?? null)))
      .join('\n'),
  }));
}

/** The history as a brain sees it. */
export function pastTurns(view: RequestView): PastTurn[] {
  return view.history.map((turn): PastTurn => {
    if (turn.role === 'user') return { role: 'user', text: turn.content, toolResults: resultsOf(turn) };
    const toolUses = turn.toolUses.map((use) => ({
      toolUseId: stringOf(use['toolUseId']),
      name: stringOf(use['name']),
      input: objectOf(use['input']),
    }));
    return { role: 'assistant', text: turn.content, toolUses };
  });
}

/** Every characters of text that the model would have to read. */
export function characterCount(view: RequestView): number {
  const turns = view.turns.reduce((sum, turn) => {
    const extra = turn.role === 'user' ? JSON.stringify(turn.toolResults).length : JSON.stringify(turn.toolUses).length;
    return sum + turn.content.length + (extra > 2 ? extra : 0);
  }, 0);
  return turns + (view.tools.length === 0 ? 0 : JSON.stringify(view.tools).length);
}

function turnOf(entry: Json, where: string): UserView | AssistantView {
  const turn = objectOf(entry);
  if (!isObject(turn['assistantResponseMessage'])) return userOf(objectOf(turn['userInputMessage']), where);
  const raw = turn['assistantResponseMessage'];
  return { role: 'assistant', where, raw, content: stringOf(raw['content']), toolUses: objectsOf(raw['toolUses']) };
}

function userOf(raw: JsonObject, where: string): UserView {
  const context = objectOf(raw['userInputMessageContext']);
  return {
    role: 'user',
    where,
    raw,
    context,
    content: stringOf(raw['content']),
    images: arrayOf(raw['images']),
    documents: arrayOf(raw['documents']),
    toolResults: objectsOf(context['toolResults']),
  };
}

function objectsOf(value: Json | undefined): JsonObject[] {
  return isArray(value) ? value.map((one) => objectOf(one)) : [];
}
