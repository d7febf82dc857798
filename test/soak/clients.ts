import type { Asked } from './ask.ts';

/** A kind of request in the mix. */
export interface ClientKind {
  readonly name: string;
  /** How often, beside the others. */
  readonly weight: number;
  /** It asks for a turn, which the history keeps. */
  readonly isTurn: boolean;
  /** The one outcome that is right without any fault. */
  readonly expected: string;
  ask(key: string, session: number): Asked;
}

const model = 'claude-sonnet-5';

/** Everything that clients send, and what they get wrong. */
export const clientKinds: readonly ClientKind[] = [
  turn('chat', 10, (n) => chat(n, {})),
  turn('chat, streamed', 24, (n) => chat(n, { stream: true })),
  turn('chat with tools, streamed', 10, (n) => chat(n, { stream: true, tools: chatTools }, 'Run ls')),
  turn('responses', 6, (n) => responses(n, {})),
  turn('responses, streamed', 10, (n) => responses(n, { stream: true })),
  turn('messages', 6, (n) => messages(n, {})),
  turn('messages, streamed', 14, (n) => messages(n, { stream: true })),
  turn('messages with web search', 2, (n) => messages(n, { stream: true, tools: webSearch }, 'What is new?')),
  turn('a request of 1 MB, streamed', 1, (n) => chat(n, { stream: true }, 'Say exactly done', megabyte())),
  turn(
    'a client that leaves',
    6,
    (n) => ({ ...chat(n, { stream: true }, 'Stream 300 fragments'), leaves: true }),
    'left',
  ),
  turn('a slow reader', 1, (n) => ({ ...chat(n, { stream: true }, 'Stream 4000 fragments'), dawdlesMs: 4_000 })),
  plain('models', 4, { method: 'GET', path: '/v1/models' }),
  plain('metrics', 3, { method: 'GET', path: '/metrics' }),
  plain('health', 2, { method: 'GET', path: '/health' }),
  plain('count_tokens', 3, { ...messages(0, {}), path: '/v1/messages/count_tokens' }),
  plain('a wrong key', 2, { ...chat(0, {}), key: 'sk-wrong' }, 'invalid_api_key'),
  plain(
    'a bad body',
    2,
    { method: 'POST', path: '/v1/chat/completions', body: '{"model":1}' },
    'invalid_request_error',
  ),
  plain('a body that is no JSON', 2, { method: 'POST', path: '/v1/messages', body: '{"mod' }, 'invalid_request_error'),
  plain('an unknown route', 1, { method: 'GET', path: '/v1/nothing' }, 'unknown_url'),
];

type Without<T> = Omit<T, 'key'> & { readonly key?: string };

function turn(
  name: string,
  weight: number,
  asked: (session: number) => Without<Asked>,
  expected = 'served',
): ClientKind {
  return { name, weight, isTurn: true, expected, ask: (key, session) => ({ key, ...asked(session) }) };
}

function plain(name: string, weight: number, asked: Without<Asked>, expected = 'served'): ClientKind {
  return { name, weight, isTurn: false, expected, ask: (key) => ({ key, ...asked }) };
}

function chat(
  session: number,
  more: object,
  content = 'Stream 20 fragments',
  past: readonly object[] = [],
): Without<Asked> {
  const body = { model, user: `person-${session}`, messages: [...past, { role: 'user', content }], ...more };
  return { method: 'POST', path: '/v1/chat/completions', body: JSON.stringify(body) };
}

function responses(session: number, more: object): Without<Asked> {
  const body = { model, user: `person-${session}`, input: 'Stream 20 fragments', ...more };
  return { method: 'POST', path: '/v1/responses', body: JSON.stringify(body) };
}

function messages(session: number, more: object, content = 'Stream 20 fragments'): Without<Asked> {
  const metadata = { user_id: `person-${session}` };
  const body = { model, max_tokens: 1_000, metadata, messages: [{ role: 'user', content }], ...more };
  return { method: 'POST', path: '/v1/messages', body: JSON.stringify(body) };
}

function megabyte(): object[] {
  return Array.from({ length: 100 }, (_, index) => [
    { role: 'user', content: `Question ${index}. ${'All of this was said before. '.repeat(180)}` },
    { role: 'assistant', content: `Answer ${index}. ${'And all of this was answered. '.repeat(170)}` },
  ]).flat();
}

const chatTools = [
  {
    type: 'function',
    function: {
      name: 'run_command',
      description: 'Runs a command',
      parameters: { type: 'object', properties: { command: { type: 'string' } }, required: ['command'] },
    },
  },
];

const webSearch = [{ type: 'web_search_20250305', name: 'web_search' }];
