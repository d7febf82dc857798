import type { ReasoningProof } from '../../conversation/conversation.ts';
import type { WebSearchOutcome } from '../../conversation/web-search.ts';
import { type CalledTools, customInput } from './called-tool.ts';
import { sealProof } from './reasoning-seal.ts';

/** One part of an answer. */
export type OutputItem = MessageItem | ReasoningItem | FunctionCallItem | CustomCallItem | WebSearchItem;

export type ItemStatus = 'in_progress' | 'completed' | 'incomplete';

export interface MessageItem {
  readonly id: string;
  readonly type: 'message';
  readonly status: ItemStatus;
  readonly role: 'assistant';
  readonly content: readonly OutputText[];
}

export interface OutputText {
  readonly type: 'output_text';
  readonly text: string;
  readonly annotations: readonly [];
  readonly logprobs: readonly [];
}

export interface ReasoningItem {
  readonly id: string;
  readonly type: 'reasoning';
  readonly status: ItemStatus;
  readonly summary: readonly SummaryText[];
  readonly encrypted_content?: string | null;
}

export interface SummaryText {
  readonly type: 'summary_text';
  readonly text: string;
}

export interface FunctionCallItem {
  readonly id: string;
  readonly type: 'function_call';
  readonly status: ItemStatus;
  readonly call_id: string;
  readonly name: string;
  readonly namespace?: string;
  readonly arguments: string;
}

export interface CustomCallItem {
  readonly id: string;
  readonly type: 'custom_tool_call';
  readonly status: ItemStatus;
  readonly call_id: string;
  readonly name: string;
  readonly namespace?: string;
  readonly input: string;
}

/** A search of the web that was done for the model. */
export interface WebSearchItem {
  readonly id: string;
  readonly type: 'web_search_call';
  readonly status: 'in_progress' | 'completed' | 'failed';
  readonly action: {
    readonly type: 'search';
    readonly query: string;
    readonly sources?: readonly { readonly type: 'url'; readonly url: string }[];
  };
}

/** In which form the client wants what Kiro says. */
export interface ItemForm {
  /** The model as the client named it. */
  readonly model: string;
  readonly called: CalledTools;
  /** Reasoning is told as its summary. */
  readonly showsSummary: boolean;
  /** Reasoning comes with its proof, for the client to keep. */
  readonly showsProof: boolean;
  /** A search comes with the pages that it found. */
  readonly showsSources: boolean;
}

/** The id of an answer's item: it tells which answer's, and where in it. */
export function itemId(type: OutputItem['type'], answerId: string, index: number): string {
  return `${PREFIXES[type]}_${answerId}${index}`;
}

/** The answer's id and the index in an item's id; undefined when it is none of ours. */
export function placeOf(id: string): { readonly answerId: string; readonly index: number } | undefined {
  const [, answerId, index] = /^(?:msg|rs|fc|ctc|ws)_([0-9a-f]{32})(\d{1,6})$/.exec(id) ?? [];
  return answerId === undefined ? undefined : { answerId, index: Number(index) };
}

const PREFIXES: Readonly<Record<OutputItem['type'], string>> = {
  message: 'msg',
  reasoning: 'rs',
  function_call: 'fc',
  custom_tool_call: 'ctc',
  web_search_call: 'ws',
};

export function outputText(text: string): OutputText {
  return { type: 'output_text', text, annotations: [], logprobs: [] };
}

export function summaryText(text: string): SummaryText {
  return { type: 'summary_text', text };
}

export function messageItem(id: string, status: ItemStatus, text: string | undefined): MessageItem {
  return { id, type: 'message', status, role: 'assistant', content: text === undefined ? [] : [outputText(text)] };
}

/** Reasoning without its text, when there is none to tell or the client did not ask for it, has an empty summary. */
export function reasoningItem(
  id: string,
  status: ItemStatus,
  { text, proof }: { readonly text: string; readonly proof: ReasoningProof | undefined },
  form: ItemForm,
): ReasoningItem {
  return {
    id,
    type: 'reasoning',
    status,
    summary: text === '' || !form.showsSummary ? [] : [summaryText(text)],
    ...(form.showsProof && { encrypted_content: proof ? sealProof(proof, form.model) : null }),
  };
}

/** @param json the call's arguments; undefined while they are still to come */
export function callItem(
  id: string,
  status: ItemStatus,
  call: { readonly id: string; readonly name: string; readonly json: string | undefined },
  form: ItemForm,
): FunctionCallItem | CustomCallItem {
  const { type, name, namespace } = form.called.called(call.name);
  const named = { call_id: call.id, name, ...(namespace !== undefined && { namespace }) };
  if (type === 'function') return { id, type: 'function_call', status, ...named, arguments: call.json ?? '' };
  const input = call.json === undefined ? '' : customInput(call.json);
  return { id, type: 'custom_tool_call', status, ...named, input };
}

/** @param outcome what was found; undefined while it is searched for */
export function searchItem(
  id: string,
  query: string,
  outcome: WebSearchOutcome | undefined,
  form: ItemForm,
): WebSearchItem {
  const pages = outcome?.type === 'found' ? outcome.results : [];
  return {
    id,
    type: 'web_search_call',
    status: outcome === undefined ? 'in_progress' : STATUS[outcome.type],
    action: {
      type: 'search',
      query,
      ...(form.showsSources && outcome && { sources: pages.map(({ url }) => ({ type: 'url', url })) }),
    },
  };
}

const STATUS = { found: 'completed', failed: 'failed' } as const;
