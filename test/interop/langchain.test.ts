import { ChatOpenAI, type ChatOpenAIFields } from '@langchain/openai';
import * as v from 'valibot';
import { afterEach, describe, expect, test } from 'vitest';
import { faults } from '../emulator/emulator.ts';
import { serveFile } from '../proxy/serve-file.ts';
import { startServing, until, type Serving } from '../proxy/serving.ts';
import { failure } from './failure.ts';
import { picture } from './picture.ts';

let serving: Serving;

serveFile((started) => {
  serving = started;
});

describe.for(['chat completions', 'responses'])('LangChain over %s', (api) => {
  const useResponsesApi = api === 'responses';

  describe('when Kiro accepts everything that comes of it', () => {
    afterEach(() => {
      serving.checkNothingRefused();
    });

    test('text, with its usage', async () => {
      const answer = await chat().invoke([
        ['system', 'Be brief.'],
        ['human', 'Say exactly good morning'],
      ]);
      expect(answer.text).toBe('good morning');
      expect(outputTokensOf(answer)).toBeGreaterThan(0);
    });

    test('a stream, with its usage', async () => {
      let text = '';
      let pieces = 0;
      let outputTokens = 0;
      for await (const chunk of await chat().stream('Stream 40 fragments')) {
        text += chunk.text;
        pieces += chunk.text === '' ? 0 : 1;
        outputTokens += outputTokensOf(chunk);
      }
      expect(text).toBe(words(40));
      expect(pieces).toBeGreaterThan(1);
      expect(outputTokens).toBeGreaterThan(0);
    });

    test.for([false, true])('a loop of tools, and both results come back (stream: %s)', async (stream) => {
      const files = new Map([['a.txt', 'Grüße, "world"\n']]);
      const asked = 'Read a.txt and then create the file b.txt containing exactly copied';
      const answers = await runTools(chat(), asked, files, stream);
      expect(answers).toEqual(['read_file', 'write_file', 'DONE']);
      expect(files.get('b.txt')).toBe('copied');
      expect(JSON.stringify(serving.turns()[1]?.body)).toContain('Grüße');
    });

    test('parallel tools', async () => {
      const files = new Map<string, string>();
      const asked =
        'Create the file a.txt containing exactly one and at once create the file b.txt containing exactly two';
      expect(await runTools(chat(), asked, files, true)).toEqual(['write_file,write_file', 'DONE']);
      expect([...files]).toEqual([
        ['a.txt', 'one'],
        ['b.txt', 'two'],
      ]);
    });

    test.for(['jsonSchema', 'functionCalling'] as const)('an answer in a schema, by %s', async (method) => {
      const city = { city: 'Köln', people: 1_085_664 };
      serving.emulator.script(
        method === 'jsonSchema'
          ? [{ text: '```json\n{"city":"Köln","people":1085664}\n```' }]
          : [{ toolCalls: [{ name: 'city', input: city }] }],
      );
      const answer = await chat().withStructuredOutput(citySchema, { method, name: 'city' }).invoke('Which city?');
      expect(answer).toEqual(city);
    });

    test('a picture', async () => {
      const answer = await chat().invoke([
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image_url', image_url: { url: picture } },
          ],
        },
      ]);
      expect(answer.text).toContain('I received 1 image(s)');
    });

    test('reasoning, which is replayed over the steps of a task', async () => {
      const files = new Map([['a.txt', 'Grüße']]);
      // LangChain asks by itself for the reasoning of OpenAI's own models only.
      const modelKwargs = useResponsesApi
        ? { reasoning: { effort: 'high', summary: 'auto' } }
        : { reasoning_effort: 'high' };
      const model = chat({ model: 'claude-sonnet-5', modelKwargs });
      const answer = await model.invoke('Say exactly hello');
      const shown = v.parse(reasoningShown, answer.additional_kwargs);
      expect(shown.reasoning_content ?? shown.reasoning?.summary[0]?.text).toMatch(/^The user wrote .* 🤔$/);
      expect(await runTools(model, 'Read a.txt', files, false)).toEqual(['read_file', 'DONE']);
      // The strict emulator checks the signature against text and model.
      expect(JSON.stringify(serving.turns().at(-1)?.body)).toContain('"reasoningText":{"text":"The user wrote');
    });

    test('an abort', async () => {
      const leaving = new AbortController();
      const stream = await chat().stream('Stream 20000 fragments', { signal: leaving.signal });
      const reading = (async () => {
        for await (const chunk of stream) if (chunk.text !== '') leaving.abort();
      })();
      expect(await failure(reading)).toMatchObject({ name: expect.stringMatching(/Abort/) });
      await until(() => serving.turns()[0]?.aborted === true, 'the upstream call was aborted');
    });
  });

  describe("errors are LangChain's own", () => {
    test('a wrong key, and a wrong model', async () => {
      expect(await failure(chat({ apiKey: 'kp-wrong' }).invoke('hello'))).toMatchObject({
        status: 401,
        lc_error_code: 'MODEL_AUTHENTICATION',
      });
      expect(await failure(chat({ model: 'no-such-model' }).invoke('hello'))).toMatchObject({
        status: 404,
        lc_error_code: 'MODEL_NOT_FOUND',
      });
    });

    test('too long a conversation', async () => {
      serving.emulator.inject({ on: 'generate', fault: faults.contextOverflow });
      expect(await failure(chat().invoke('hello'))).toMatchObject({ name: 'ContextOverflowError' });
    });

    test('a rate limit, which says when to come back', async () => {
      await using limited = await startServing();
      limited.emulator.inject({ on: 'generate', fault: faults.rateLimit });
      const error = v.parse(refusal, await failure(chat({}, limited).invoke('hello')));
      expect(error).toMatchObject({ status: 429, lc_error_code: 'MODEL_RATE_LIMIT' });
      expect(Number(error.headers.get('retry-after'))).toBeGreaterThanOrEqual(59);
    });

    test('a stream that breaks is an error, not an answer', async () => {
      serving.emulator.inject({ on: 'generate', fault: { kind: 'reset', afterEvents: 9 } });
      let text = '';
      const reading = (async () => {
        for await (const chunk of await chat().stream('Stream 20 fragments')) text += chunk.text;
      })();
      expect(String(await failure(reading))).toMatch(/broke|terminated/);
      expect(text).not.toContain('word19');
    });
  });

  function chat(fields: ChatOpenAIFields = {}, { url, key }: Serving = serving): ChatOpenAI {
    return new ChatOpenAI({
      model: 'claude-sonnet-4.5',
      apiKey: key,
      configuration: { baseURL: `${url}/v1` },
      maxRetries: 0,
      useResponsesApi,
      ...fields,
    });
  }
});

function words(count: number): string {
  return Array.from({ length: count }, (_, index) => `word${index} `).join('');
}

/** Its types say that there never is a usage. */
function outputTokensOf(answer: object): number {
  const usage = v.object({ usage_metadata: v.optional(v.object({ output_tokens: v.number() })) });
  return v.parse(usage, answer).usage_metadata?.output_tokens ?? 0;
}

const citySchema = {
  title: 'city',
  type: 'object',
  properties: { city: { type: 'string' }, people: { type: 'number' } },
  required: ['city', 'people'],
  additionalProperties: false,
};

const reasoningShown = v.object({
  reasoning_content: v.optional(v.string()),
  reasoning: v.optional(v.object({ summary: v.array(v.object({ text: v.string() })) })),
});

const refusal = v.looseObject({ status: v.number(), headers: v.instance(Headers) });

const path = { type: 'string' };

const tools = [
  {
    type: 'function' as const,
    function: {
      name: 'read_file',
      description: 'Reads a file',
      parameters: { type: 'object', properties: { path }, required: ['path'] },
    },
  },
  {
    type: 'function' as const,
    function: {
      name: 'write_file',
      description: 'Writes a file',
      parameters: { type: 'object', properties: { path, content: { type: 'string' } }, required: ['path', 'content'] },
    },
  },
];

const toolInput = v.object({ path: v.string(), content: v.optional(v.string()) });

/** The loop of an agent: what each answer called, and at last what it said. */
async function runTools(
  model: ChatOpenAI,
  asked: string,
  files: Map<string, string>,
  stream: boolean,
): Promise<readonly string[]> {
  const able = model.bindTools(tools);
  const messages: Message[] = [{ role: 'user', content: asked }];
  const answers: string[] = [];
  for (;;) {
    const answer = stream ? await gathered(await able.stream(messages)) : await able.invoke(messages);
    const calls = answer.tool_calls ?? [];
    answers.push(calls.map(({ name }) => name).join() || answer.text);
    if (calls.length === 0 || answers.length > 5) return answers;
    messages.push(answer);
    for (const { id, args } of calls) {
      const input = v.parse(toolInput, args);
      if (input.content !== undefined) files.set(input.path, input.content);
      messages.push({ role: 'tool', tool_call_id: id ?? '', content: files.get(input.path) ?? 'No such file.' });
    }
  }
}

type Message = Extract<Parameters<ChatOpenAI['invoke']>[0], readonly unknown[]>[number];

type Chunk = Awaited<ReturnType<ChatOpenAI['invoke']>>;

/** Pieces of an answer → the answer. */
async function gathered(pieces: AsyncIterable<Chunk>): Promise<Chunk> {
  let whole: Chunk | undefined;
  for await (const piece of pieces) whole = whole?.concat(piece) ?? piece;
  if (!whole) throw new Error('nothing was answered');
  return whole;
}
