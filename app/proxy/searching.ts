import type { Conversation, ToolCall, Tool } from '../conversation/conversation.ts';
import type { Feed, Take } from '../conversation/feed.ts';
import type { EndEvent, TurnBatch, TurnEvent, TurnUsage } from '../conversation/turn-event.ts';
import {
  outcomeText,
  wantedResults,
  type WebResult,
  type WebSearch,
  type WebSearchOutcome,
} from '../conversation/web-search.ts';

export interface SearchingPorts {
  /** Has a turn served. @throws TurnError */
  readonly serve: (conversation: Conversation) => Promise<Feed<TurnBatch>>;
  /** Searches the web in the name of the account that served last. */
  readonly search: (query: string) => Promise<readonly WebResult[]>;
}

/** The conversation with the search among its tools, which the model knows by this name. */
export function withSearchTool(conversation: Conversation): Conversation {
  return conversation.webSearch ? { ...conversation, tools: [...conversation.tools, searchTool] } : conversation;
}

/**
 * Makes one answer of all the turns that a model takes to search the web: what it searches for is looked up here and told to
 * it in a further turn, until it has done searching or wants a tool that the client runs.
 * @param first of the conversation as `withSearchTool` makes it
 */
export function searching(
  first: Feed<TurnBatch>,
  asked: Conversation,
  wish: WebSearch,
  ports: SearchingPorts,
): Feed<TurnBatch> {
  return { each: (take) => searchOn(first, asked, wish, ports, take) };
}

async function searchOn(
  first: Feed<TurnBatch>,
  asked: Conversation,
  wish: WebSearch,
  ports: SearchingPorts,
  take: Take<TurnBatch>,
): Promise<boolean> {
  let conversation = withSearchTool(asked);
  let turn = first;
  let usesLeft = wish.maxUses;
  let earlier: TurnUsage = {};
  let callsBefore = 0;
  for (;;) {
    const round = new SearchRound(callsBefore);
    const isWhole = await turn.each((batch) => {
      const passed = round.push(batch);
      return passed.length > 0 ? take(passed) : undefined;
    });
    const { end, searches } = round;
    // What has no end is broken, which whoever reads this says.
    if (!isWhole || !end) return isWhole;
    const usage = sumOf(earlier, end.usage);
    const outcomes = await Promise.all(
      searches.map(async ({ query }): Promise<WebSearchOutcome> => {
        usesLeft -= 1;
        return usesLeft < 0 ? { type: 'failed', reason: 'max-uses' } : outcomeOf(query, wish, ports);
      }),
    );
    const told = searches.map(({ id, query }, index): TurnEvent => {
      return { type: 'web-search', id, query, outcome: outcomes[index] ?? unavailable };
    });
    const isOver = searches.length === 0 || round.hasClientCalls || end.reason !== 'tools' || usesLeft < -maxRefusals;
    if (isOver) {
      const reason = end.reason === 'tools' && !round.hasClientCalls ? 'stop' : end.reason;
      await take([...told, { ...end, reason, usage }]);
      return true;
    }
    if ((await take(told)) === 'enough') return false;
    earlier = usage;
    callsBefore += round.clientCalls;
    conversation = continued(conversation, round, outcomes);
    turn = await ports.serve(conversation);
  }
}

interface Search {
  readonly id: string;
  readonly query: string;
}

/** One turn of the model: holds back its searches and its end. */
class SearchRound {
  readonly #callsBefore: number;
  /** The arguments of each search, by the index of its call. */
  readonly #inputs = new Map<number, { readonly id: string; json: string }>();
  readonly #texts: string[] = [];
  readonly searches: Search[] = [];
  /** Calls of tools that the client runs. */
  clientCalls = 0;
  readonly #newIndexes = new Map<number, number>();
  end: EndEvent | undefined;

  constructor(callsBefore: number) {
    this.#callsBefore = callsBefore;
  }

  get hasClientCalls(): boolean {
    return this.clientCalls > 0;
  }

  get text(): string {
    return this.#texts.join('');
  }

  push(batch: readonly TurnEvent[]): TurnEvent[] {
    return batch.flatMap((event) => this.#take(event) ?? []);
  }

  #take(event: TurnEvent): TurnEvent | undefined {
    switch (event.type) {
      case 'text':
        this.#texts.push(event.text);
        return event;
      case 'reasoning':
      case 'reasoning-proof':
      case 'web-search':
        return event;
      case 'tool-start': {
        if (event.name === searchTool.name) {
          this.#inputs.set(event.index, { id: event.id, json: '' });
          return undefined;
        }
        const index = this.#callsBefore + this.clientCalls;
        this.clientCalls += 1;
        this.#newIndexes.set(event.index, index);
        return { ...event, index };
      }
      case 'tool-input': {
        const input = this.#inputs.get(event.index);
        if (!input) return { ...event, index: this.#newIndexes.get(event.index) ?? event.index };
        input.json += event.json;
        return undefined;
      }
      case 'tool-end': {
        const input = this.#inputs.get(event.index);
        if (!input) return { ...event, index: this.#newIndexes.get(event.index) ?? event.index };
        this.searches.push({ id: input.id, query: queryIn(input.json) });
        return undefined;
      }
      case 'end':
        this.end = event;
        return undefined;
    }
  }
}

async function outcomeOf(query: string, wish: WebSearch, ports: SearchingPorts): Promise<WebSearchOutcome> {
  if (query.trim() === '') return { type: 'failed', reason: 'no-query' };
  try {
    return { type: 'found', results: wantedResults(await ports.search(query), wish) };
  } catch {
    // The model goes on without: half an answer is worth more than none.
    return unavailable;
  }
}

const unavailable: WebSearchOutcome = { type: 'failed', reason: 'unavailable' };

/** How often a model may ask for more than it is allowed before its answer ends. */
const maxRefusals = 3;

/** The conversation with what was searched and found, for the next turn. The model is free now to answer. */
function continued(
  conversation: Conversation,
  { text, searches }: SearchRound,
  outcomes: readonly WebSearchOutcome[],
): Conversation {
  const toolCalls = searches.map(({ id, query }): ToolCall => ({ id, name: searchTool.name, input: { query } }));
  return {
    ...conversation,
    toolChoice: { type: 'auto' },
    turns: [
      ...conversation.turns,
      { role: 'assistant', text, toolCalls },
      {
        role: 'user',
        parts: searches.map(({ id }, index) => {
          const outcome = outcomes[index] ?? unavailable;
          return {
            type: 'tool-result',
            callId: id,
            text: outcomeText(outcome),
            images: [],
            isError: outcome.type === 'failed',
          };
        }),
      },
    ],
  };
}

function queryIn(json: string): string {
  try {
    const input: unknown = JSON.parse(json);
    if (typeof input !== 'object' || input === null || !('query' in input)) return '';
    return typeof input.query === 'string' ? input.query : '';
  } catch {
    return '';
  }
}

/** Credits and the tokens of answers add up; what is in the context window is as the last turn found it. */
function sumOf(earlier: TurnUsage, usage: TurnUsage): TurnUsage {
  const credits = (earlier.credits ?? 0) + (usage.credits ?? 0);
  const output = (earlier.tokens?.output ?? 0) + (usage.tokens?.output ?? 0);
  return {
    ...usage,
    ...(earlier.credits !== undefined || usage.credits !== undefined ? { credits } : {}),
    ...(usage.tokens && { tokens: { ...usage.tokens, output } }),
  };
}

const searchTool: Tool = {
  name: 'web_search',
  description: 'Searches the web and returns pages with their titles, addresses and what they say in short.',
  inputSchema: {
    type: 'object',
    properties: { query: { type: 'string', description: 'What to look for, in at most 200 characters.' } },
    required: ['query'],
  },
};
