import { APICallError, generateText, isStepCount, jsonSchema, streamText, tool, type LanguageModel } from 'ai';
import { expect } from 'vitest';
import { picture } from './picture.ts';

/** Tools of the AI SDK that read and write these files. */
export function toolsOn(files: Map<string, string>) {
  const path = { type: 'string', description: 'Path of the file' } as const;
  return {
    read_file: tool({
      description: 'Reads a file',
      inputSchema: jsonSchema<{ path: string }>({ type: 'object', properties: { path }, required: ['path'] }),
      execute: (input) => files.get(input.path) ?? 'There is no such file.',
    }),
    write_file: tool({
      description: 'Writes a file',
      inputSchema: jsonSchema<{ path: string; content: string }>({
        type: 'object',
        properties: { path, content: { type: 'string' } },
        required: ['path', 'content'],
        additionalProperties: false,
      }),
      execute: (input) => {
        files.set(input.path, input.content);
        return 'written';
      },
    }),
  };
}

/** The error that a call of a model fails with. @throws when it does not fail, or otherwise */
export async function failure(work: Promise<unknown>): Promise<APICallError> {
  try {
    await work;
  } catch (error) {
    if (APICallError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

/** A stream arrives whole, with its end and its usage. */
export async function expectStream(model: LanguageModel): Promise<void> {
  const answer = streamText({ model, prompt: 'Stream 40 fragments' });
  let text = '';
  for await (const piece of answer.textStream) text += piece;
  expect(text).toBe(Array.from({ length: 40 }, (_, index) => `word${index} `).join(''));
  expect(await answer.finishReason).toBe('stop');
  expect((await answer.usage).totalTokens).toBeGreaterThan(0);
}

/** A task of three steps: read, write, tell. @param more settings of the call */
export async function expectCopiedFile(
  model: LanguageModel,
  more: Pick<Parameters<typeof generateText>[0], 'providerOptions'> = {},
): Promise<void> {
  const files = new Map([['a.txt', 'Grüße, "world"\n']]);
  const answer = await generateText({
    model,
    prompt: 'Read a.txt and then create the file b.txt containing exactly copied',
    tools: toolsOn(files),
    stopWhen: isStepCount(5),
    ...more,
  });
  expect(answer.text).toBe('DONE');
  expect(files.get('b.txt')).toBe('copied');
  expect(answer.steps).toHaveLength(3);
  expect(answer.steps[0]?.toolResults.map(({ output }) => output)).toEqual([files.get('a.txt')]);
}

/** Two calls in one streamed step. */
export async function expectTwoAtOnce(model: LanguageModel): Promise<void> {
  const files = new Map<string, string>();
  const answer = streamText({
    model,
    prompt: 'Create the file a.txt containing exactly one and at once create the file b.txt containing exactly two',
    tools: toolsOn(files),
    stopWhen: isStepCount(5),
  });
  await answer.consumeStream();
  expect((await answer.steps).map(({ finishReason }) => finishReason)).toEqual(['tool-calls', 'stop']);
  expect([...files]).toEqual([
    ['a.txt', 'one'],
    ['b.txt', 'two'],
  ]);
}

type ProviderOptions = NonNullable<Parameters<typeof streamText>[0]['providerOptions']>;

/** What a high effort is to Kiro. */
export const highEffort = { additionalModelRequestFields: { output_config: { effort: 'high' } } };

/** Reasoning is shown beside its answer. @param providerOptions that ask for it */
export async function expectReasoning(model: LanguageModel, providerOptions: ProviderOptions): Promise<void> {
  const answer = streamText({ model, prompt: 'Say exactly hello', providerOptions });
  expect(await answer.text).toBe('hello');
  expect((await answer.finalStep).reasoningText).toMatch(/^The user wrote .* 🤔$/);
}

/** A picture arrives as one. */
export async function expectPictureSeen(model: LanguageModel): Promise<void> {
  const answer = await generateText({
    model,
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'file', data: picture, mediaType: 'image/png' },
        ],
      },
    ],
  });
  expect(answer.text).toContain('I received 1 image(s)');
}
