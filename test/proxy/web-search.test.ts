import type Anthropic from '@anthropic-ai/sdk';
import { describe, expect, test } from 'vitest';
import { serveClient } from '../anthropic/serve-client.ts';
import { faults } from '../emulator/emulator.ts';
import type { Serving } from './serving.ts';

let serving: Serving;
let client: Anthropic;

serveClient((started, itsClient) => {
  serving = started;
  client = itsClient;
});

const searchTool: Anthropic.ToolUnion = { type: 'web_search_20250305', name: 'web_search' };
const readTool: Anthropic.Tool = {
  name: 'read',
  input_schema: { type: 'object', properties: { path: { type: 'string' } } },
};

const question: Anthropic.MessageParam = { role: 'user', content: 'What is new?' };

function answerTo(
  stream: boolean,
  tools: Anthropic.ToolUnion[],
  messages: Anthropic.MessageParam[] = [question],
  output_config: Anthropic.OutputConfig = {},
): Promise<Anthropic.Message> {
  const asked = { model: 'claude-sonnet-4.5', max_tokens: 1_000, tools, messages, output_config };
  return stream ? client.messages.stream(asked).finalMessage() : client.messages.create(asked);
}

const search = (query: string) => ({ name: 'web_search', input: { query } });

function searches(): number {
  return serving.emulator.journal.filter(({ operation }) => operation === 'InvokeMCP').length;
}

describe.each([false, true])('the web is searched for the model (stream: %s)', (stream) => {
  test('once, and it goes on with what was found; later turns know it still', async () => {
    serving.emulator.script([
      { text: 'I look.', toolCalls: [search('kiro news')] },
      { text: 'It is on page 1.' },
      { text: 'As I said.' },
    ]);
    const answer = await answerTo(stream, [searchTool]);
    expect(answer.content).toMatchObject([
      { type: 'text', text: 'I look.' },
      { type: 'server_tool_use', name: 'web_search', input: { query: 'kiro news' } },
      { type: 'web_search_tool_result', content: [{ url: 'https://example.com/1' }, {}, {}] },
      { type: 'text', text: 'It is on page 1.' },
    ]);
    expect(answer.stop_reason).toBe('end_turn');
    expect(answer.usage.server_tool_use).toEqual({ web_search_requests: 1, web_fetch_requests: 0 });
    const messages = [question, { role: 'assistant', content: answer.content } as const, { ...question }];
    expect((await answerTo(stream, [searchTool], messages)).content).toMatchObject([{ text: 'As I said.' }]);
    // The strict emulator checks that call and result are one pair.
    expect(JSON.stringify(serving.turns()[2]?.body)).toContain('An invented page about kiro news.');
    serving.checkNothingRefused();
    const [newest, before] = await serving.engine.handlers.requests({ last: 2 });
    expect(newest).toMatchObject({ sends: 1 });
    expect(before).toMatchObject({ sends: 2, outcome: 'served' });
    const credits = serving.turns().map((turn) => turn.credits);
    expect(before?.credits).toBeCloseTo((credits[0] ?? 0) + (credits[1] ?? 0), 5);
  });

  test('several times at once and after each other, within the limit', async () => {
    serving.emulator.script([
      { toolCalls: [search('a'), search('b')] },
      { toolCalls: [search('c')] },
      { text: 'Done.' },
    ]);
    const answer = await answerTo(stream, [{ ...searchTool, max_uses: 2 }]);
    expect(searches()).toBe(2);
    const results = answer.content.flatMap((block) => (block.type === 'web_search_tool_result' ? [block.content] : []));
    expect(results.map((content) => (Array.isArray(content) ? content.length : content.error_code))).toEqual([
      3,
      3,
      'max_uses_exceeded',
    ]);
    expect(answer.content.at(-1)).toMatchObject({ type: 'text', text: 'Done.' });
  });

  test('beside a tool of the client, which comes next', async () => {
    serving.emulator.script([
      { toolCalls: [search('a'), { name: 'read', input: { path: 'a.txt' } }] },
      { text: 'Both.' },
    ]);
    const answer = await answerTo(stream, [searchTool, readTool]);
    expect(answer.stop_reason).toBe('tool_use');
    const call = answer.content.find((block) => block.type === 'tool_use');
    expect(call).toMatchObject({ name: 'read', input: { path: 'a.txt' } });
    const result = { type: 'tool_result', tool_use_id: call?.id ?? '', content: 'Grüße' } as const;
    const messages: Anthropic.MessageParam[] = [
      question,
      { role: 'assistant', content: answer.content },
      { role: 'user', content: [result] },
    ];
    expect((await answerTo(stream, [searchTool, readTool], messages)).content).toMatchObject([{ text: 'Both.' }]);
    serving.checkNothingRefused();
  });

  test('and an answer that is to be JSON does not begin with what the model said before', async () => {
    serving.emulator.script([{ text: 'I look.', toolCalls: [search('a')] }, { text: '{"page":1}' }]);
    const schema = { type: 'object', properties: { page: { type: 'number' } } };
    const answer = await answerTo(stream, [searchTool], [question], { format: { type: 'json_schema', schema } });
    expect(answer.content).toMatchObject([
      { type: 'server_tool_use' },
      { type: 'web_search_tool_result' },
      { type: 'text', text: '{"page":1}' },
    ]);
  });

  test('and goes on without when the search fails', async () => {
    serving.emulator.script([{ toolCalls: [search('a')] }, { text: 'I do not know.' }]);
    serving.emulator.inject({ on: 'web-search', fault: faults.internalError });
    const answer = await answerTo(stream, [searchTool]);
    expect(answer.content).toMatchObject([
      { type: 'server_tool_use' },
      { type: 'web_search_tool_result', content: { error_code: 'unavailable' } },
      { type: 'text', text: 'I do not know.' },
    ]);
  });

  test('and a model that searches for ever comes to an end', async () => {
    serving.emulator.script(Array.from({ length: 40 }, () => ({ toolCalls: [search('more')] })));
    const answer = await answerTo(stream, [{ ...searchTool, max_uses: 1 }]);
    expect(answer.stop_reason).toBe('end_turn');
    expect(searches()).toBe(1);
    expect(serving.turns().length).toBeLessThan(8);
  });
});

test('only results of wanted domains come back', async () => {
  serving.emulator.script([{ toolCalls: [search('a')] }, { text: 'None.' }]);
  const answer = await answerTo(false, [{ ...searchTool, blocked_domains: ['example.com'] }]);
  expect(answer.content[1]).toMatchObject({ type: 'web_search_tool_result', content: [] });
});

test('who did not ask for a search gets none', async () => {
  serving.emulator.script([{ text: 'I cannot look.' }]);
  await answerTo(false, [readTool]);
  expect(JSON.stringify(serving.turns()[0]?.body)).not.toContain('web_search');
});
