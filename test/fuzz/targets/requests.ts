import { messagesApi } from '../../../app/anthropic/messages-api.ts';
import type { ClientApi } from '../../../app/conversation/client-api.ts';
import { TurnError } from '../../../app/conversation/turn-error.ts';
import { chatApi } from '../../../app/openai/chat-api.ts';
import { ResponseMemory } from '../../../app/openai/responses/response-memory.ts';
import { responsesApi } from '../../../app/openai/responses/responses-api.ts';
import { noon } from '../../support/engine.ts';
import { makeJson } from '../mutate-json.ts';
import { mustHold, type Target } from '../target.ts';

const apis: Readonly<Record<string, ClientApi>> = {
  chat: chatApi,
  messages: messagesApi,
  responses: responsesApi(new ResponseMemory(() => noon), () => noon),
};

/** Bodies of the three APIs, each read as all three: clients do mistake the address. */
export const requests: Target = {
  name: 'requests',
  promise:
    'A body of chat completions, messages or responses is a request, or is refused with a 4xx, which is for the client to mend: ' +
    'no other error, and the refusal can be sent as JSON.',
  inputs: 1_000_000,
  seeds: () => seeds.map((body) => Buffer.from(JSON.stringify(body))),
  make: makeJson,
  check(input) {
    let body: unknown;
    try {
      body = JSON.parse(input.toString('utf8'));
    } catch {
      return 'no JSON';
    }
    return Object.entries(apis)
      .map(([name, api]) => `${name} ${outcomeOf(api, body)}`)
      .join(', ');
  },
};

function outcomeOf(api: ClientApi, body: unknown): string {
  try {
    const { conversation, isStreamed } = api.parse(body);
    mustHold(conversation.turns.length > 0, 'a request without turns was taken');
    mustHold(conversation.model !== '' && typeof isStreamed === 'boolean', 'a request without a model was taken');
    return 'taken';
  } catch (error) {
    if (!(error instanceof TurnError)) throw error;
    const { status, body: told } = api.refuse(error, 'req_1');
    mustHold(status >= 400 && status < 500, `refused with ${status} ${error.code}: ${error.message}`);
    mustHold(JSON.stringify(told).length < 4_000, 'the refusal is as long as what it refuses');
    return 'refused';
  }
}

const image = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const schema = {
  type: 'object',
  properties: { path: { type: 'string' }, n: { type: ['integer', 'null'] } },
  required: ['path'],
};

const seeds: readonly object[] = [
  {
    model: 'auto',
    messages: [{ role: 'user', content: 'Hi 👋' }],
    stream: true,
    stream_options: { include_usage: true },
  },
  {
    model: 'claude-sonnet-5',
    messages: [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look' },
          { type: 'image_url', image_url: { url: `data:image/png;base64,${image}` } },
        ],
      },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'read', arguments: '{"path":"a"}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'text of a' },
    ],
    tools: [{ type: 'function', function: { name: 'read', description: 'Reads', parameters: schema, strict: true } }],
    tool_choice: { type: 'function', function: { name: 'read' } },
    response_format: { type: 'json_schema', json_schema: { name: 'x', schema } },
    reasoning_effort: 'high',
    stop: ['END'],
    max_completion_tokens: 100,
    parallel_tool_calls: false,
    temperature: 0.5,
    user: 'me',
    n: 1,
  },
  {
    model: 'auto',
    max_tokens: 100,
    system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Read' },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: image } },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Hm', signature: 'x' },
          { type: 'tool_use', id: 't1', name: 'read', input: { path: 'a' } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 't1', content: [{ type: 'text', text: 'of a' }], is_error: false },
        ],
      },
    ],
    tools: [
      { name: 'read', description: 'Reads', input_schema: schema },
      { type: 'web_search_20250305', name: 'web_search', max_uses: 2 },
    ],
    tool_choice: { type: 'any', disable_parallel_tool_use: true },
    thinking: { type: 'enabled', budget_tokens: 2_000 },
    stop_sequences: ['END'],
    metadata: { user_id: 'me' },
    stream: true,
  },
  {
    model: 'auto',
    instructions: 'Be brief.',
    input: [
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'Look' },
          { type: 'input_image', image_url: `data:image/png;base64,${image}` },
        ],
      },
      { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'x' },
      { type: 'function_call', call_id: 'c1', name: 'read', arguments: '{"path":"a"}' },
      { type: 'function_call_output', call_id: 'c1', output: 'text of a' },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'So', annotations: [] }] },
      { role: 'user', content: 'Go on' },
    ],
    tools: [
      { type: 'function', name: 'read', description: 'Reads', parameters: schema, strict: false },
      { type: 'custom', name: 'patch', format: { type: 'grammar', syntax: 'lark', definition: 'start: "a"' } },
      { type: 'web_search' },
    ],
    tool_choice: 'auto',
    text: { format: { type: 'json_schema', name: 'x', schema }, verbosity: 'low' },
    reasoning: { effort: 'low', summary: 'auto' },
    include: ['reasoning.encrypted_content'],
    store: false,
    stream: true,
    prompt_cache_key: 'k',
  },
];
