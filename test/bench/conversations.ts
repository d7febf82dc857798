/** Made-up conversations of a coding agent, always the same bytes, in the sizes that clients send. */

export interface ConversationShape {
  readonly turns: number;
  /** Length of each tool's result, of which there is one in two turns. */
  readonly resultBytes: number;
  readonly unicode: boolean;
}

export const conversationSizes = {
  /** About 54 kB, nearly all of it tools. */
  '5 turns': { turns: 5, resultBytes: 400, unicode: false },
  '200 turns': { turns: 200, resultBytes: 1_500, unicode: false },
  '1 MB': { turns: 200, resultBytes: 10_700, unicode: false },
  '5 MB': { turns: 200, resultBytes: 53_500, unicode: false },
  /** One letter beyond Latin-1 makes every string that it is in twice as wide in memory. */
  '5 MB, not ASCII': { turns: 200, resultBytes: 53_500, unicode: true },
} as const satisfies Readonly<Record<string, ConversationShape>>;

export type ConversationSize = keyof typeof conversationSizes;

/** The smallest request, for times and streams where the request is not what counts. */
export const shortRequest: Buffer = sessionRequest('Say hello.');

/** As small, with a first message of its own: what tells one session from another when the client does not. */
export function sessionRequest(content: string): Buffer {
  return bodyOf([{ role: 'user', content }], []);
}

/** The body of a streamed chat completion: a system prompt, 50 tools, and turns that call and answer them. */
export function conversationOf({ turns, resultBytes, unicode }: ConversationShape): Buffer {
  const messages: object[] = [{ role: 'system', content: prose(4_000, 0) }];
  for (let turn = 0; turn + 1 < turns; turn += 2) {
    const id = `call_${String(turn).padStart(6, '0')}`;
    const call = { name: `tool_${turn % 50}`, arguments: JSON.stringify({ path: `src/file-${turn}.ts`, limit: 200 }) };
    const asked = turn === 0 ? [{ role: 'user', content: prose(300, turn) }] : [];
    messages.push(
      ...asked,
      { role: 'assistant', content: prose(120, turn), tool_calls: [{ id, type: 'function', function: call }] },
      { role: 'tool', tool_call_id: id, content: `${unicode && turn === 0 ? '→ ' : ''}${prose(resultBytes, turn)}` },
    );
  }
  messages.push({ role: 'user', content: prose(200, 1) });
  return bodyOf(
    messages,
    Array.from({ length: 50 }, (_, index) => toolOf(index)),
  );
}

function bodyOf(messages: readonly object[], tools: readonly object[]): Buffer {
  const usage = { stream: true, stream_options: { include_usage: true } };
  const offered = tools.length > 0 ? { tools } : {};
  return Buffer.from(JSON.stringify({ model: 'claude-sonnet-4.5', ...usage, messages, ...offered }));
}

function toolOf(index: number): object {
  const properties = Object.fromEntries(
    ['path', 'pattern', 'limit', 'options'].map((name, at) => [
      name,
      { type: at === 2 ? 'integer' : 'string', description: prose(60, index + at) },
    ]),
  );
  const parameters = { type: 'object', properties, required: ['path'], additionalProperties: false };
  return { type: 'function', function: { name: `tool_${index}`, description: prose(420, index), parameters } };
}

const words =
  'const the return "value" of\n  await a function { that } reads files from disk and, if (needed) writes them back;';

/** Something like code and prose, with the quotes and line ends that JSON has to escape. */
function prose(length: number, seed: number): string {
  const start = (seed * 7) % words.length;
  return words.repeat(Math.ceil((length + start) / words.length)).slice(start, start + length);
}
