/**
 * Requests to `POST /v1/messages` that must be refused, with the member at fault (`null` for the body itself) and words that
 * the message must hold. Used against the parser and against the running server.
 */
export interface BadRequest {
  readonly name: string;
  readonly body: unknown;
  readonly param: string | null;
  readonly says: string;
}

const hello = { role: 'user', content: 'hello' };
const sound = { model: 'auto', max_tokens: 100, messages: [hello] };
const readTool = { name: 'read', input_schema: { type: 'object', properties: {} } };
const png = { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' };

/** A request that is right but for these members. */
function member(name: string, param: string, says: string, members: Record<string, unknown>): BadRequest {
  return { name, body: { ...sound, ...members }, param, says };
}

/** A request whose second message is this one. */
function message(name: string, param: string, says: string, second: unknown): BadRequest {
  return member(name, `messages[1]${param}`, says, { messages: [hello, second] });
}

/** A request whose user's content has this one block. */
function block(name: string, param: string, says: string, only: unknown): BadRequest {
  return message(name, `.content[0]${param}`, says, { role: 'user', content: [only] });
}

function image(name: string, param: string, says: string, source: unknown): BadRequest {
  return block(name, `.source${param}`, says, { type: 'image', source });
}

function pdf(name: string, param: string, says: string, source: unknown): BadRequest {
  return block(name, `.source${param}`, says, { type: 'document', source });
}

function tool(name: string, param: string, says: string, second: unknown): BadRequest {
  return member(name, `tools[1]${param}`, says, { tools: [readTool, second] });
}

function nested(levels: number): unknown {
  let inner: unknown = {};
  for (let level = 1; level < levels; level += 1) inner = { items: inner };
  return inner;
}

export const badRequests: readonly BadRequest[] = [
  { name: 'body is null', body: null, param: null, says: 'must be an object' },
  { name: 'body is an array', body: [], param: null, says: 'must be an object' },
  { name: 'body is empty', body: {}, param: 'model', says: 'is missing' },
  { name: 'no messages', body: { model: 'auto', max_tokens: 1 }, param: 'messages', says: 'is missing' },
  { name: 'no max_tokens', body: { model: 'auto', messages: [hello] }, param: 'max_tokens', says: 'is missing' },
  member('model is empty', 'model', 'must not be empty', { model: '' }),
  member('model is no name but a text', 'model', 'at most 256 characters', { model: 'a'.repeat(257) }),
  member('max_tokens is zero', 'max_tokens', 'must be at least 1', { max_tokens: 0 }),
  member('max_tokens is half', 'max_tokens', 'must be a whole number', { max_tokens: 1.5 }),
  member('max_tokens is text', 'max_tokens', 'must be a number, not a string', { max_tokens: '100' }),
  member('messages are text', 'messages', 'must be an array', { messages: 'hello' }),
  member('messages are none', 'messages', 'at least one message', { messages: [] }),
  member('stream is text', 'stream', 'must be true or false', { stream: 'yes' }),
  member('system is a number', 'system', 'must be a string or an array of blocks', { system: 7 }),
  member('a system block is text', 'system[0]', 'must be an object', { system: ['be brief'] }),
  member('a stop sequence is empty', 'stop_sequences[0]', 'must not be empty', { stop_sequences: [''] }),
  member('stop_sequences are text', 'stop_sequences', 'must be an array', { stop_sequences: 'END' }),
  member('temperature is text', 'temperature', 'must be a number', { temperature: 'hot' }),
  member('top_k is half', 'top_k', 'must be a whole number', { top_k: 0.5 }),
  member('metadata is text', 'metadata', 'must be an object', { metadata: 'me' }),
  member('thinking is true', 'thinking', 'must be an object', { thinking: true }),
  member('thinking is of no kind', 'thinking.type', 'must be one of enabled, adaptive', { thinking: { type: 'deep' } }),
  member('thinking has no budget', 'thinking.budget_tokens', 'is missing', { thinking: { type: 'enabled' } }),
  member('effort is a number', 'output_config.effort', 'must be one of low', { output_config: { effort: 3 } }),
  member('a format of no kind', 'output_config.format.type', 'must be one of json_schema', {
    output_config: { format: { type: 'xml' } },
  }),
  member('a format without schema', 'output_config.format.schema', 'is missing', {
    output_config: { format: { type: 'json_schema' } },
  }),
  message('a message is text', '', 'must be an object', 'hello'),
  message('no role', '.role', 'is missing', { content: 'hello' }),
  message('a role of OpenAI', '.role', 'must be one of user, assistant, system', { role: 'tool', content: 'a' }),
  message('no content', '.content', 'is missing', { role: 'user' }),
  message('content is null', '.content', 'must be a string or an array', { role: 'assistant', content: null }),
  block('a block is text', '', 'must be an object', 'hello'),
  block('a block of no type', '.type', 'is missing', { text: 'hello' }),
  block('a block of OpenAI', '.type', 'must be one of text, image', { type: 'image_url', image_url: {} }),
  block('an upload', '.type', 'keeps no files', { type: 'container_upload', file_id: 'file_1' }),
  block('text without text', '.text', 'is missing', { type: 'text' }),
  block('an image without source', '.source', 'is missing', { type: 'image' }),
  image('an image by URL', '.type', 'fetches nothing', { type: 'url', url: 'https://example.com/a.png' }),
  image('an image by file', '.type', 'keeps no files', { type: 'file', file_id: 'file_1' }),
  image('an image without data', '.data', 'is missing', { type: 'base64', media_type: 'image/png' }),
  image('an image of no type', '', 'must hold a picture of type', { ...png, media_type: 'image/tiff' }),
  image('an image that is no base64', '', 'in standard base64', { ...png, data: '%%%%' }),
  image('an image in the base64 of URLs', '', 'in standard base64', { ...png, data: 'a-_a' }),
  pdf('a document by URL', '.type', 'fetches nothing', { type: 'url', url: 'https://example.com/a.pdf' }),
  pdf('a document of no type', '', 'application/pdf or text/plain', { ...png, media_type: 'application/zip' }),
  pdf('a document that is no base64', '', 'in standard base64', { ...png, media_type: 'application/pdf', data: 'a' }),
  pdf('a picture in a document', '.content[0].type', 'send it beside', {
    type: 'content',
    content: [{ type: 'image', source: png }],
  }),
  block('a result of no call', '.tool_use_id', 'is missing', { type: 'tool_result', content: 'a' }),
  block('a result that is an object', '.content', 'must be a string or an array', {
    type: 'tool_result',
    tool_use_id: 'toolu_1',
    content: { text: 'a' },
  }),
  block('a result with a picture by URL', '.content[0].source.type', 'fetches nothing', {
    type: 'tool_result',
    tool_use_id: 'toolu_1',
    content: [{ type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } }],
  }),
  block('is_error is text', '.is_error', 'must be true or false', {
    type: 'tool_result',
    tool_use_id: 'toolu_1',
    content: 'a',
    is_error: 'no',
  }),
  message('a call without id', '.content[0].id', 'is missing', {
    role: 'assistant',
    content: [{ type: 'tool_use', name: 'read', input: {} }],
  }),
  message('input is text', '.content[0].input', 'must be an object', {
    role: 'assistant',
    content: [{ type: 'tool_use', id: 'toolu_1', name: 'read', input: '{}' }],
  }),
  message('thinking is a number', '.content[0].thinking', 'must be a string', {
    role: 'assistant',
    content: [{ type: 'thinking', thinking: 1, signature: 'S' }],
  }),
  member('tools are an object', 'tools', 'must be an array', { tools: readTool }),
  tool('a tool is text', '', 'must be an object', 'read'),
  tool('a tool without name', '.name', 'is missing', { input_schema: {} }),
  tool('a tool without schema', '.input_schema', 'is missing', { name: 'write' }),
  tool('a tool of OpenAI', '.input_schema', 'is missing', { type: 'custom', name: 'write', parameters: {} }),
  tool('a schema that is text', '.input_schema', 'must be an object', { name: 'write', input_schema: '{}' }),
  tool('a schema without end', '.input_schema', 'at most 200 deep', { name: 'write', input_schema: nested(300) }),
  tool('a name twice', '.name', 'is the name of an earlier tool too', readTool),
  tool('a name twice, once of Anthropic', '.name', 'earlier tool', { type: 'bash_20250124', name: 'read' }),
  member('tool_choice is a word', 'tool_choice', 'must be an object', { tools: [readTool], tool_choice: 'auto' }),
  member('tool_choice of no kind', 'tool_choice.type', 'must be one of auto, any, tool, none', {
    tools: [readTool],
    tool_choice: { type: 'required' },
  }),
  member('a choice that is not offered', 'tool_choice.name', 'must be the name of one of the tools', {
    tools: [readTool],
    tool_choice: { type: 'tool', name: 'write' },
  }),
  member('a choice without tools', 'tool_choice', 'needs tools to choose from', { tool_choice: { type: 'any' } }),
];
