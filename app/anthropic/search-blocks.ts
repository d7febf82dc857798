import * as v from 'valibot';
import type { ToolCall, ToolResultPart } from '../conversation/conversation.ts';
import { fields, filledText, list, text } from '../conversation/request-schema.ts';
import { outcomeText, type WebResult, type WebSearchOutcome } from '../conversation/web-search.ts';

export interface ServerToolUseBlock {
  readonly type: 'server_tool_use';
  readonly id: string;
  readonly name: 'web_search';
  readonly input: { readonly query?: string };
  readonly caller: { readonly type: 'direct' };
}

export interface SearchResultBlock {
  readonly type: 'web_search_tool_result';
  readonly tool_use_id: string;
  readonly content: readonly FoundPage[] | SearchError;
  readonly caller: { readonly type: 'direct' };
}

interface FoundPage {
  readonly type: 'web_search_result';
  readonly title: string;
  readonly url: string;
  /** What the page says, so that a later turn can be told again; nobody but us reads it. */
  readonly encrypted_content: string;
  readonly page_age: string | null;
}

interface SearchError {
  readonly type: 'web_search_tool_result_error';
  readonly error_code: 'unavailable' | 'invalid_tool_input' | 'max_uses_exceeded';
}

const direct = { type: 'direct' } as const;

/** A search that was done, as its block. @param id as Kiro gave it to the call */
export function searchUseBlock(id: string, query: string): ServerToolUseBlock {
  return { type: 'server_tool_use', id: `${PREFIX}${id}`, name: 'web_search', input: { query }, caller: direct };
}

/** What the search found, as its block. */
export function searchResultBlock(id: string, outcome: WebSearchOutcome): SearchResultBlock {
  return {
    type: 'web_search_tool_result',
    tool_use_id: `${PREFIX}${id}`,
    content:
      outcome.type === 'found'
        ? outcome.results.map((result) => foundPage(result))
        : { type: 'web_search_tool_result_error', error_code: ERROR_CODES[outcome.reason] },
    caller: direct,
  };
}

/** A search of an earlier answer: the call, as it was made. */
export const searchUse = v.pipe(
  fields({ id: filledText, name: text, input: v.nullish(fields({ query: v.nullish(text) })) }),
  v.transform(({ id, input }): ToolCall => ({
    id: kiroId(id),
    name: 'web_search',
    input: { query: input?.query ?? '' },
  })),
);

/** And what it found. */
export const searchResult = v.pipe(
  fields({ tool_use_id: filledText, content: v.lazy((input) => (Array.isArray(input) ? foundPages : failure)) }),
  v.transform(({ tool_use_id, content }): ToolResultPart => ({
    type: 'tool-result',
    callId: kiroId(tool_use_id),
    text: outcomeText(tool_use_id.startsWith(OURS) ? content : withoutSnippets(content)),
    images: [],
    isError: content.type === 'failed',
  })),
);

function foundPage({ title, url, snippet, publishedAt }: WebResult): FoundPage {
  return {
    type: 'web_search_result',
    title,
    url,
    encrypted_content: Buffer.from(snippet).toString('base64'),
    page_age: publishedAt ?? null,
  };
}

const foundPages = v.pipe(
  list(fields({ title: text, url: text, encrypted_content: text, page_age: v.nullish(text) })),
  v.transform((pages): WebSearchOutcome => ({
    type: 'found',
    results: pages.map(({ title, url, encrypted_content, page_age }) => ({
      title,
      url,
      snippet: Buffer.from(encrypted_content, 'base64').toString('utf8'),
      ...(page_age !== undefined && page_age !== null && { publishedAt: page_age }),
    })),
  })),
);

const failure = v.pipe(
  fields({}),
  v.transform((): WebSearchOutcome => ({ type: 'failed', reason: 'unavailable' })),
);

const ERROR_CODES = {
  unavailable: 'unavailable',
  'no-query': 'invalid_tool_input',
  'max-uses': 'max_uses_exceeded',
} as const;

/** What another service wrote for itself means nothing here. */
function withoutSnippets(outcome: WebSearchOutcome): WebSearchOutcome {
  if (outcome.type === 'failed') return outcome;
  return { ...outcome, results: outcome.results.map((result) => ({ ...result, snippet: '' })) };
}

/** Anthropic's ids of such calls begin with it, and clients tell them by it. */
const PREFIX = 'srvtoolu_';

/** Kiro's ids begin so. */
const OURS = `${PREFIX}tooluse_`;

function kiroId(id: string): string {
  return id.startsWith(PREFIX) ? id.slice(PREFIX.length) || id : id;
}
