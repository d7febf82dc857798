import { describe, expect, test } from 'vitest';
import { TurnError } from '../../../app/conversation/turn-error.ts';
import { ResponseMemory } from '../../../app/openai/responses/response-memory.ts';
import { responsesApi } from '../../../app/openai/responses/responses-api.ts';
import { now } from './answering.ts';

const hello = { role: 'user', content: 'hello' };
const read = { type: 'function', name: 'read' };

/** A request that is right but for these members. */
function asked(members: Readonly<Record<string, unknown>>): unknown {
  return { model: 'auto', input: 'hello', ...members };
}

function item(second: unknown): unknown {
  return asked({ input: [hello, second] });
}

function part(one: unknown): unknown {
  return item({ role: 'user', content: [one] });
}

function image(image_url: unknown): unknown {
  return part({ type: 'input_image', image_url });
}

function file(members: object): unknown {
  return part({ type: 'input_file', ...members });
}

/** What is wrong, the member at fault, words of the message, the request. */
const cases: readonly (readonly [name: string, param: string | null, says: string, body: unknown])[] = [
  ['body is null', null, 'must be an object', null],
  ['body is an array', null, 'must be an object', []],
  ['no model', 'model', 'is missing', { input: 'hello' }],
  ['model is no name but a text', 'model', 'at most 256 characters', asked({ model: 'a'.repeat(257) })],
  ['no input', 'input', 'at least one item', { model: 'auto' }],
  ['input is empty', 'input', 'at least one item', asked({ input: [] })],
  ['input is a number', 'input', 'a string or an array of items', asked({ input: 5 })],
  ['input is an object', 'input', 'a string or an array of items', asked({ input: hello })],
  ['instructions are a number', 'instructions', 'must be a string', asked({ instructions: 5 })],
  ['stream is a word', 'stream', 'true or false', asked({ stream: 'yes' })],
  ['max_output_tokens is 0', 'max_output_tokens', 'at least 1', asked({ max_output_tokens: 0 })],
  ['background', 'background', 'must be false', asked({ background: true })],
  ['conversation', 'conversation', 'is not supported', asked({ conversation: 'conv_1' })],
  ['prompt', 'prompt', 'keeps no templates', asked({ prompt: { id: 'pmpt_1' } })],
  ['temperature is a word', 'temperature', 'must be a number', asked({ temperature: 'hot' })],
  ['metadata is a list', 'metadata', 'must be an object', asked({ metadata: [] })],
  ['effort is unknown', 'reasoning.effort', 'must be one of none', asked({ reasoning: { effort: 'huge' } })],
  ['verbosity is unknown', 'text.verbosity', 'must be one of low', asked({ text: { verbosity: 'loud' } })],
  ['format is unknown', 'text.format.type', 'must be one of text', asked({ text: { format: { type: 'xml' } } })],
  ['format without name', 'text.format.name', 'is missing', asked({ text: { format: { type: 'json_schema' } } })],
  ['truncation is unknown', 'truncation', 'must be one of auto', asked({ truncation: 'some' })],

  ['item is a string', 'input[1]', 'must be an object', item('hello')],
  ['role is unknown', 'input[1].role', 'must be one of user', item({ role: 'bot', content: 'a' })],
  ['no content', 'input[1].content', 'is missing', item({ role: 'user' })],
  ['content is a number', 'input[1].content', 'a string or an array of parts', item({ role: 'user', content: 5 })],
  ['part is unknown', 'input[1].content[0].type', 'must be one of input_text', part({ type: 'video' })],
  ['part is audio', 'input[1].content[0].type', 'text, pictures and documents', part({ type: 'input_audio' })],
  ['part without text', 'input[1].content[0].text', 'is missing', part({ type: 'input_text' })],
  ['picture is elsewhere', 'input[1].content[0].image_url', 'fetches nothing', image('https://example.com/a.png')],
  ['picture is a file', 'input[1].content[0].image_url', 'is missing', part({ type: 'input_image', file_id: 'f' })],
  ['picture is no picture', 'input[1].content[0].image_url', 'image/png', image('data:text/plain;base64,QQ==')],
  ['file is kept at OpenAI', 'input[1].content[0].file_id', 'keeps no files', file({ file_id: 'f' })],
  ['file is elsewhere', 'input[1].content[0].file_url', 'fetches nothing', file({ file_url: 'https://a.example' })],
  ['file is no data: URL', 'input[1].content[0].file_data', 'must be a data: URL', file({ file_data: 'QQ==' })],
  ['call without id', 'input[1].call_id', 'is missing', item({ type: 'function_call', name: 'read' })],
  ['call without name', 'input[1].name', 'is missing', item({ type: 'function_call', call_id: 'c' })],
  ['result without id', 'input[1].call_id', 'is missing', item({ type: 'function_call_output', output: 'a' })],
  [
    'custom call without input',
    'input[1].input',
    'missing',
    item({ type: 'custom_tool_call', call_id: 'c', name: 'a' }),
  ],
  ['reference to nothing', 'input[1].id', 'names no item that is kept', item({ type: 'item_reference', id: 'msg_1' })],

  ['tool is a string', 'tools[0]', 'must be an object', asked({ tools: ['read'] })],
  ['tool without type', 'tools[0].type', 'is missing', asked({ tools: [{ name: 'read' }] })],
  ['tool without name', 'tools[0].name', 'is missing', asked({ tools: [{ type: 'function' }] })],
  [
    'parameters are a word',
    'tools[0].parameters',
    'must be an object',
    asked({ tools: [{ ...read, parameters: 'a' }] }),
  ],
  ['two tools of one name', 'tools[1].name', 'an earlier tool too', asked({ tools: [read, read] })],
  [
    'two tools of one name, one in a namespace',
    'tools[1].tools[0].name',
    'an earlier tool too',
    asked({
      tools: [
        { ...read, name: 'a__read' },
        { type: 'namespace', name: 'a', tools: [read] },
      ],
    }),
  ],
  ['choice is a word', 'tool_choice', 'must be one of none', asked({ tool_choice: 'some' })],
  ['choice of none', 'tool_choice', 'needs tools', asked({ tool_choice: 'required' })],
  [
    'choice is not offered',
    'tool_choice.name',
    'name of one of the tools',
    asked({ tools: [read], tool_choice: { type: 'function', name: 'write' } }),
  ],
  [
    'allowed is not offered',
    'tool_choice.tools[0].name',
    'name of one of the tools',
    asked({
      tools: [read],
      tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'b' }] },
    }),
  ],
];

const api = responsesApi(new ResponseMemory(() => now), () => now);

describe('a bad request is refused with the member at fault', () => {
  test.each(cases)('%s', (_name, param, says, body) => {
    const refusal = refusalOf(body);
    const answer = api.refuse(refusal, 'req_1');
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ error: { type: 'invalid_request_error', param, code: null } });
    expect(refusal.message).toContain(says);
    expect(refusal.message).toContain(param ?? 'The body');
  });

  test('every case has its own name', () => {
    expect(new Set(cases.map(([name]) => name)).size).toBe(cases.length);
  });
});

test('a response to continue that is not kept has a code of its own', () => {
  const answer = api.refuse(refusalOf(asked({ previous_response_id: 'resp_1' })), 'req_1');
  expect(answer).toMatchObject({
    status: 400,
    body: { error: { param: 'previous_response_id', code: 'previous_response_not_found' } },
  });
});

test('an account that was locked is a 400, since Codex repeats any other', () => {
  const answer = api.refuse(new TurnError('account-parked', 'Locked.'), 'req_1');
  expect(answer).toMatchObject({ status: 400, body: { error: { message: 'Locked.', code: 'account_parked' } } });
});

function refusalOf(body: unknown): TurnError {
  try {
    api.parse(body);
  } catch (error) {
    if (error instanceof TurnError) return error;
    throw error;
  }
  throw new Error('the request was taken');
}
