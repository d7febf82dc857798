/**
 * Requests to `POST /v1/chat/completions` that must be refused, with the member at fault (`null` for the body itself) and
 * words that the message must hold. Used against the parser and against the running server.
 */
export interface BadRequest {
  readonly name: string;
  readonly body: unknown;
  readonly param: string | null;
  readonly status: 400;
  readonly says: string;
}

const hello = { role: 'user', content: 'hello' };
const readTool = { type: 'function', function: { name: 'read', parameters: { type: 'object', properties: {} } } };
const call = { id: 'call_1', type: 'function', function: { name: 'read', arguments: '{}' } };

function bad(name: string, param: string | null, says: string, body: unknown): BadRequest {
  return { name, body, param, status: 400, says };
}

/** A request that is right but for these members. */
function member(name: string, param: string, says: string, members: Record<string, unknown>): BadRequest {
  return bad(name, param, says, { model: 'auto', messages: [hello], ...members });
}

/** A request whose second message is this one. */
function message(name: string, param: string, says: string, second: unknown): BadRequest {
  return bad(name, `messages[1]${param}`, says, { model: 'auto', messages: [hello, second] });
}

function part(name: string, param: string, says: string, content: unknown): BadRequest {
  return message(name, `.content${param}`, says, { role: 'user', content });
}

function image(name: string, says: string, url: unknown): BadRequest {
  return part(name, '[0].image_url.url', says, [{ type: 'image_url', image_url: { url } }]);
}

function toolMember(name: string, param: string, says: string, tool: unknown): BadRequest {
  return member(name, `tools[1]${param}`, says, { tools: [readTool, tool] });
}

function nested(levels: number): unknown {
  let inner: unknown = {};
  for (let level = 1; level < levels; level += 1) inner = { items: inner };
  return inner;
}

export const badRequests: readonly BadRequest[] = [
  bad('body is null', null, 'must be an object', null),
  bad('body is an array', null, 'must be an object', []),
  bad('body is a string', null, 'must be an object', 'hello'),
  bad('body is a number', null, 'must be an object', 7),
  bad('body is empty', 'model', 'is missing', {}),
  bad('no model', 'model', 'is missing', { messages: [hello] }),
  bad('no messages', 'messages', 'is missing', { model: 'auto' }),
  member('model is null', 'model', 'must be a string', { model: null }),
  member('model is empty', 'model', 'must not be empty', { model: '' }),
  member('model is no name but a text', 'model', 'at most 256 characters', { model: 'a'.repeat(257) }),
  member('model is a number', 'model', 'not the number 4', { model: 4 }),

  member('messages is empty', 'messages', 'at least one message', { messages: [] }),
  member('messages is null', 'messages', 'must be an array', { messages: null }),
  member('messages is an object', 'messages', 'not an object', { messages: hello }),
  member('messages is a string', 'messages', 'must be an array', { messages: 'hello' }),
  message('message is null', '', 'must be an object', null),
  message('message is a string', '', 'must be an object', 'hello'),
  message('message is an array', '', 'must be an object', [hello]),
  message('no role', '.role', 'is missing', { content: 'hello' }),
  message('role is null', '.role', 'must be a string', { role: null, content: 'hello' }),
  message('role is a number', '.role', 'must be a string', { role: 1, content: 'hello' }),
  message('role is unknown', '.role', 'system, developer, user, assistant, tool', { role: 'bot', content: 'hello' }),
  message('role is of the prototype', '.role', 'must be one of', { role: 'constructor', content: 'hello' }),
  message('role is the old function', '.role', 'old form', { role: 'function', name: 'read', content: 'hello' }),

  message('user without content', '.content', 'is missing', { role: 'user' }),
  part('user content is null', '', 'must be a string or an array', null),
  part('user content is a number', '', 'not the number 5', 5),
  part('user content is an object', '', 'not an object', { type: 'text', text: 'hello' }),
  part('part is a string', '[0]', 'must be an object', ['hello']),
  part('part is null', '[1]', 'must be an object', [{ type: 'text', text: 'a' }, null]),
  part('part without type', '[0].type', 'is missing', [{ text: 'hello' }]),
  part('part of unknown type', '[0].type', 'text, image_url', [{ type: 'video', video: 'x' }]),
  part('part is audio', '[0].type', 'not supported', [
    { type: 'input_audio', input_audio: { data: '', format: 'wav' } },
  ]),
  part('file is elsewhere', '[0].file.file_id', 'keeps no files', [{ type: 'file', file: { file_id: 'f' } }]),
  part('file is empty', '[0].file.file_data', 'is missing', [{ type: 'file', file: {} }]),
  part('file is of another kind', '[0].file.file_data', 'application/pdf, text or a picture', [
    { type: 'file', file: { filename: 'a.zip', file_data: 'data:application/zip;base64,UEsDBA==' } },
  ]),
  part('file is no data: URL', '[0].file.file_data', 'fetches nothing', [
    { type: 'file', file: { file_data: 'https://example.com/a.pdf' } },
  ]),
  part('text part without text', '[0].text', 'is missing', [{ type: 'text' }]),
  part('text part with a number', '[0].text', 'must be a string', [{ type: 'text', text: 5 }]),
  part('image without image_url', '[0].image_url', 'is missing', [{ type: 'image_url' }]),
  part('image_url is a string', '[0].image_url', 'must be an object', [{ type: 'image_url', image_url: 'data:,' }]),
  part('image without url', '[0].image_url.url', 'is missing', [{ type: 'image_url', image_url: { detail: 'low' } }]),
  image('image url is a number', 'must be a string', 5),
  image('image is remote', 'fetches nothing', 'https://example.com/cat.png'),
  image('image is a file', 'fetches nothing', 'file:///etc/passwd'),
  image('image is empty', 'fetches nothing', ''),
  image('image has no data', 'data: URL with the picture in base64', 'data:image/png;base64'),
  image('image is not base64', 'in base64', 'data:image/png,hello'),
  image('image of another type', 'image/png, image/jpeg', 'data:image/svg+xml;base64,PHN2Zz4='),
  image('image without type', 'image/png, image/jpeg', 'data:;base64,AAAA'),
  image('image base64 is empty', 'standard base64', 'data:image/png;base64,'),
  image('image base64 has other characters', 'standard base64', 'data:image/png;base64,AA*A'),
  image('image base64 is of the url kind', 'standard base64', 'data:image/png;base64,AA-_'),
  image('image base64 is cut', 'standard base64', 'data:image/png;base64,AAAAA'),

  message('system without content', '.content', 'is missing', { role: 'system' }),
  message('system content is null', '.content', 'must be a string or an array', { role: 'system', content: null }),
  message('system content with a picture', '.content[0].type', 'must be one of text', {
    role: 'system',
    content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }],
  }),
  message('developer content is a number', '.content', 'must be a string', { role: 'developer', content: 1 }),
  message('assistant content is a number', '.content', 'must be a string', { role: 'assistant', content: 1 }),
  message('assistant content with a picture', '.content[0].type', 'must be one of text, refusal', {
    role: 'assistant',
    content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }],
  }),
  message('assistant tool_calls is an object', '.tool_calls', 'must be an array', {
    role: 'assistant',
    tool_calls: call,
  }),
  message('tool call is null', '.tool_calls[0]', 'must be an object', { role: 'assistant', tool_calls: [null] }),
  message('tool call of unknown type', '.tool_calls[0].type', 'must be one of function', {
    role: 'assistant',
    tool_calls: [{ ...call, type: 'custom' }],
  }),
  message('tool call without id', '.tool_calls[0].id', 'is missing', {
    role: 'assistant',
    tool_calls: [{ type: 'function', function: call.function }],
  }),
  message('tool call with an empty id', '.tool_calls[0].id', 'must not be empty', {
    role: 'assistant',
    tool_calls: [{ ...call, id: '' }],
  }),
  message('tool call without function', '.tool_calls[1].function', 'is missing', {
    role: 'assistant',
    tool_calls: [call, { id: 'call_2', type: 'function' }],
  }),
  message('tool call without name', '.tool_calls[0].function.name', 'is missing', {
    role: 'assistant',
    tool_calls: [{ ...call, function: { arguments: '{}' } }],
  }),
  message('tool call with arguments as an object', '.tool_calls[0].function.arguments', 'must be a string', {
    role: 'assistant',
    tool_calls: [{ ...call, function: { name: 'read', arguments: {} } }],
  }),
  message('assistant with the old function_call', '.function_call', 'old form', {
    role: 'assistant',
    function_call: { name: 'read', arguments: '{}' },
  }),
  message('tool message without id', '.tool_call_id', 'is missing', { role: 'tool', content: 'ok' }),
  message('tool message with an empty id', '.tool_call_id', 'must not be empty', {
    role: 'tool',
    tool_call_id: '',
    content: 'ok',
  }),
  message('tool message without content', '.content', 'is missing', { role: 'tool', tool_call_id: 'call_1' }),
  message('tool message content is an object', '.content', 'must be a string', {
    role: 'tool',
    tool_call_id: 'call_1',
    content: { ok: true },
  }),

  member('tools is an object', 'tools', 'must be an array', { tools: readTool }),
  toolMember('tool is null', '', 'must be an object', null),
  toolMember('tool without type', '.type', 'is missing', { function: { name: 'write' } }),
  toolMember('tool is hosted', '.type', 'which the client runs', { type: 'web_search' }),
  toolMember('tool is custom', '.type', 'which the client runs', { type: 'custom', custom: { name: 'x' } }),
  toolMember('tool without function', '.function', 'is missing', { type: 'function' }),
  toolMember('tool without name', '.function.name', 'is missing', { type: 'function', function: {} }),
  toolMember('tool with an empty name', '.function.name', 'must not be empty', {
    type: 'function',
    function: { name: '' },
  }),
  toolMember('tool name is a number', '.function.name', 'must be a string', {
    type: 'function',
    function: { name: 3 },
  }),
  toolMember('tool name is given twice', '.function.name', 'earlier tool', readTool),
  toolMember('tool description is a number', '.function.description', 'must be a string', {
    type: 'function',
    function: { name: 'write', description: 3 },
  }),
  toolMember('tool parameters is a string', '.function.parameters', 'must be an object', {
    type: 'function',
    function: { name: 'write', parameters: 'object' },
  }),
  toolMember('tool parameters is an array', '.function.parameters', 'must be an object', {
    type: 'function',
    function: { name: 'write', parameters: [] },
  }),
  toolMember('tool parameters are nested without end', '.function.parameters', 'at most 200 deep', {
    type: 'function',
    function: { name: 'write', parameters: nested(201) },
  }),
  toolMember('tool strict is a string', '.function.strict', 'true or false', {
    type: 'function',
    function: { name: 'write', strict: 'yes' },
  }),

  member('tool_choice is unknown', 'tool_choice', 'none, auto, required', { tool_choice: 'any', tools: [readTool] }),
  member('tool_choice is a number', 'tool_choice', 'none, auto, required', { tool_choice: 1, tools: [readTool] }),
  member('tool_choice without type', 'tool_choice.type', 'is missing', { tool_choice: { function: { name: 'read' } } }),
  member('tool_choice without name', 'tool_choice.function.name', 'is missing', {
    tool_choice: { type: 'function', function: {} },
    tools: [readTool],
  }),
  member('tool_choice names no tool', 'tool_choice.function.name', 'one of the tools', {
    tool_choice: { type: 'function', function: { name: 'write' } },
    tools: [readTool],
  }),
  member('tool_choice names a tool of none', 'tool_choice.function.name', 'one of the tools', {
    tool_choice: { type: 'function', function: { name: 'read' } },
  }),
  member('tool_choice required without tools', 'tool_choice', 'needs tools', { tool_choice: 'required' }),
  member(
    'tool_choice allows a tool that is not there',
    'tool_choice.allowed_tools.tools[1].function.name',
    'one of the',
    {
      tool_choice: {
        type: 'allowed_tools',
        allowed_tools: {
          mode: 'auto',
          tools: ['read', 'write'].map((name) => ({ type: 'function', function: { name } })),
        },
      },
      tools: [readTool],
    },
  ),
  member('tool_choice allows nothing', 'tool_choice.allowed_tools.tools', 'at least one tool', {
    tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [] } },
    tools: [readTool],
  }),
  member('parallel_tool_calls is a string', 'parallel_tool_calls', 'true or false', { parallel_tool_calls: 'yes' }),

  member('max_tokens is zero', 'max_tokens', 'at least 1', { max_tokens: 0 }),
  member('max_tokens is negative', 'max_tokens', 'at least 1', { max_tokens: -5 }),
  member('max_tokens is a fraction', 'max_tokens', 'whole number', { max_tokens: 1.5 }),
  member('max_tokens is a string', 'max_tokens', 'must be a number', { max_tokens: '100' }),
  member('max_completion_tokens is zero', 'max_completion_tokens', 'at least 1', { max_completion_tokens: 0 }),
  member('stop is empty', 'stop', 'must not be empty', { stop: '' }),
  member('stop is a number', 'stop', 'must be a string or an array', { stop: 5 }),
  member('stop holds an empty one', 'stop[1]', 'must not be empty', { stop: ['a', ''] }),
  member('stop holds a number', 'stop[0]', 'must be a string', { stop: [5] }),
  member('stop holds five', 'stop', 'at most 4', { stop: ['a', 'b', 'c', 'd', 'e'] }),
  member('n is two', 'n', 'must be 1', { n: 2 }),
  member('n is zero', 'n', 'must be 1', { n: 0 }),
  member('n is a string', 'n', 'must be a number', { n: '1' }),
  member('stream is a string', 'stream', 'true or false', { stream: 'true' }),
  member('stream_options is a boolean', 'stream_options', 'must be an object', { stream: true, stream_options: true }),
  member('include_usage is a number', 'stream_options.include_usage', 'true or false', {
    stream: true,
    stream_options: { include_usage: 1 },
  }),

  member('response_format is a string', 'response_format', 'must be an object', { response_format: 'json_object' }),
  member('response_format without type', 'response_format.type', 'is missing', { response_format: {} }),
  member('response_format is unknown', 'response_format.type', 'text, json_object, json_schema', {
    response_format: { type: 'xml' },
  }),
  member('response_format without json_schema', 'response_format.json_schema', 'is missing', {
    response_format: { type: 'json_schema' },
  }),
  member('response_format without name', 'response_format.json_schema.name', 'is missing', {
    response_format: { type: 'json_schema', json_schema: { schema: {} } },
  }),
  member('response_format with a schema in text', 'response_format.json_schema.schema', 'must be an object', {
    response_format: { type: 'json_schema', json_schema: { name: 'a', schema: '{}' } },
  }),

  member('reasoning_effort is unknown', 'reasoning_effort', 'none, minimal, low, medium, high, xhigh, max', {
    reasoning_effort: 'extreme',
  }),
  member('reasoning_effort is a number', 'reasoning_effort', 'must be one of', { reasoning_effort: 3 }),
  member('reasoning.effort is unknown', 'reasoning.effort', 'must be one of', { reasoning: { effort: 'extreme' } }),
  member('reasoning is a string', 'reasoning', 'must be an object', { reasoning: 'high' }),
  member('temperature is a string', 'temperature', 'must be a number', { temperature: 'hot' }),
  member('top_p is a string', 'top_p', 'must be a number', { top_p: '1' }),
  member('seed is a fraction', 'seed', 'whole number', { seed: 0.5 }),
  member('frequency_penalty is a boolean', 'frequency_penalty', 'must be a number', { frequency_penalty: true }),
  member('presence_penalty is an array', 'presence_penalty', 'not an array', { presence_penalty: [] }),
  member('logprobs is a number', 'logprobs', 'true or false', { logprobs: 5 }),
  member('logit_bias is an array', 'logit_bias', 'must be an object', { logit_bias: [] }),
  member('user is a number', 'user', 'must be a string', { user: 5 }),
  member('prompt_cache_key is an object', 'prompt_cache_key', 'must be a string', { prompt_cache_key: {} }),
  member('metadata is a string', 'metadata', 'must be an object', { metadata: 'x' }),
  member('store is a string', 'store', 'true or false', { store: 'no' }),
  member('modalities asks for audio', 'modalities[1]', 'must be "text"', { modalities: ['text', 'audio'] }),
  member('functions is the old form', 'functions', 'send tools', { functions: [{ name: 'read' }] }),
  member('function_call is the old form', 'function_call', 'send tool_choice', { function_call: 'auto' }),
];
