/**
 * The practical limit for a translator in Node: decodes frames and writes server-sent events with nothing else. No key, no
 * pool, no history, no check of anything but the checksums, and of Kiro's events only text.
 * `node hand-tight.ts --upstream URL` prints one line `{"event":"ready","url","pid"}`.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { parseArgs } from 'node:util';
import { crc32 } from 'node:zlib';
import { Agent, request as send } from 'undici';
import * as v from 'valibot';
import { announce } from './announce.ts';

const { values } = parseArgs({ options: { upstream: { type: 'string' } } });
const url = `${values.upstream ?? ''}/generateAssistantResponse`;
const dispatcher = new Agent({ keepAliveTimeout: 30_000 });
const opening = `data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"bench","choices":[{"index":0,"delta":{"content":`;
const closing = `},"finish_reason":null}]}\n\n`;
const done = `data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"bench","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n`;

const server = createServer((request, response) => {
  serve(request, response).catch(() => response.destroy());
});
server.listen(0, '127.0.0.1', () => announce(server.address()));

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  const leave = new AbortController();
  response.once('close', () => leave.abort());
  const answer = await send(url, {
    dispatcher,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: translate(Buffer.concat(pieces).toString('utf8')),
    signal: leave.signal,
  });
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of answer.body as AsyncIterable<Buffer>) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    const read = sseOf(bytes);
    rest = bytes.subarray(read.used);
    if (read.sse !== '' && !response.write(read.sse)) {
      await new Promise((resolve) => {
        response.once('drain', resolve);
        response.once('close', resolve);
      });
    }
  }
  response.end(done);
}

const textStart = Buffer.from('{"content":');

/** Every whole frame as one event; the JSON string of a text is passed on as it is. */
function sseOf(bytes: Buffer): { sse: string; used: number } {
  let sse = '';
  let used = 0;
  while (bytes.length - used >= 16) {
    const length = bytes.readUInt32BE(used);
    if (bytes.length - used < length) break;
    const prelude = crc32(bytes.subarray(used, used + 8));
    const sum = crc32(bytes.subarray(used + 8, used + length - 4), prelude);
    if (prelude !== bytes.readUInt32BE(used + 8) || sum !== bytes.readUInt32BE(used + length - 4))
      throw new Error('sum');
    const payload = used + 12 + bytes.readUInt32BE(used + 4);
    if (bytes.compare(textStart, 0, textStart.length, payload, payload + textStart.length) === 0) {
      sse += opening + bytes.toString('utf8', payload + textStart.length, used + length - 5) + closing;
    }
    used += length;
  }
  return { sse, used };
}

const text = v.nullish(v.string(), '');
const bodySchema = v.object({
  messages: v.array(
    v.object({
      role: v.string(),
      content: text,
      tool_call_id: text,
      tool_calls: v.optional(v.array(v.object({ id: text, function: v.object({ name: text, arguments: text }) })), []),
    }),
  ),
  tools: v.optional(
    v.array(v.object({ function: v.object({ name: text, description: text, parameters: v.unknown() }) })),
    [],
  ),
});

/** As much of the translation as the bench's own conversations need. */
function translate(json: string): string {
  const body = v.parse(bodySchema, JSON.parse(json));
  const messages = body.messages.map(({ role, content, tool_call_id, tool_calls }) => {
    if (role === 'assistant') {
      const toolUses = tool_calls.map((call) => {
        const input: unknown = JSON.parse(call.function.arguments);
        return { toolUseId: call.id, name: call.function.name, input };
      });
      return { assistantResponseMessage: { content, toolUses } };
    }
    if (role !== 'tool') return { userInputMessage: { content, modelId: 'bench', origin: 'AI_EDITOR' } };
    const toolResults = [{ toolUseId: tool_call_id, content: [{ text: content }], status: 'success' }];
    return { userInputMessage: { content: '', modelId: 'bench', userInputMessageContext: { toolResults } } };
  });
  const tools = body.tools.map(({ function: { name, description, parameters } }) => ({
    toolSpecification: { name, description, inputSchema: { json: parameters } },
  }));
  const history = messages.slice(0, -1);
  return JSON.stringify({ conversationState: { history, currentMessage: messages.at(-1), tools } });
}
