/**
 * The rules of Kiro's request, written from protocol §4.5, §4.7 to §4.9 and §4.11 for the tests alone. Returns what a payload
 * breaks, in words; nothing of the app or of the emulator is used.
 */
export function brokenRules(body: unknown): string[] {
  const broken: string[] = [];
  const rule = (holds: boolean, what: string): void => {
    if (!holds) broken.push(what);
  };
  const top = record(body);
  only(rule, top, ['conversationState', 'profileArn', 'additionalModelRequestFields'], 'body');
  const state = record(top['conversationState']);
  only(
    rule,
    state,
    ['chatTriggerType', 'agentTaskType', 'agentContinuationId', 'conversationId', 'history', 'currentMessage'],
    'state',
  );
  rule(state['chatTriggerType'] === 'MANUAL', 'chatTriggerType');
  const history = state['history'] === undefined ? [] : list(state['history']);
  rule(state['history'] === undefined || history.length > 0, 'empty history');
  const messages = [...history, state['currentMessage']].map(record);
  rule('userInputMessage' in record(state['currentMessage']), 'the current message is the user’s');
  const usedNames = new Set<string>();
  const usedIds = new Set<string>();
  let asked: string[] = [];
  for (const [index, message] of messages.entries()) {
    rule(Object.keys(message).length === 1, 'one member a message');
    const isUser = index % 2 === 0;
    rule((isUser ? 'userInputMessage' : 'assistantResponseMessage') in message, 'roles alternate from the user on');
    if (isUser) {
      checkUser(rule, record(message['userInputMessage']), asked, index === messages.length - 1);
      asked = [];
    } else asked = checkAssistant(rule, record(message['assistantResponseMessage']), usedNames, usedIds);
  }
  rule(asked.length === 0, 'every call is answered');
  const current = record(record(record(state['currentMessage'])['userInputMessage'])['userInputMessageContext'] ?? {});
  const declared = current['tools'] === undefined ? [] : list(current['tools']);
  rule(current['tools'] === undefined || declared.length > 0, 'empty tools');
  rule(declared.length <= 128, 'too many tools');
  const names = declared.map((tool) => checkTool(rule, record(tool)));
  rule(new Set(names).size === names.length, 'a tool declared twice');
  for (const name of usedNames) rule(names.includes(name), `the tool ${name} of history is not declared`);
  const images = messages.flatMap((message) => list(record(message['userInputMessage'] ?? {})['images'] ?? []));
  rule(images.length <= 10, 'too many images');
  const windows = JSON.stringify(body);
  rule(!/(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(windows), 'half a surrogate pair');
  return broken;
}

type Rule = (holds: boolean, what: string) => void;

function checkUser(rule: Rule, user: Fields, asked: readonly string[], isCurrent: boolean): void {
  only(rule, user, ['content', 'modelId', 'origin', 'images', 'userInputMessageContext'], 'userInputMessage');
  rule(typeof user['modelId'] === 'string' && user['modelId'] !== '', 'modelId on every user turn');
  rule(user['origin'] === 'AI_EDITOR' || user['origin'] === 'KIRO_CLI', 'origin');
  const hasContext = user['userInputMessageContext'] !== undefined;
  const context = record(user['userInputMessageContext'] ?? {});
  only(rule, context, isCurrent ? ['toolResults', 'tools'] : ['toolResults'], 'context');
  rule(!hasContext || Object.keys(context).length > 0, 'empty context');
  const results = list(context['toolResults'] ?? []);
  rule(context['toolResults'] === undefined || results.length > 0, 'empty toolResults');
  const images = list(user['images'] ?? []);
  rule(user['images'] === undefined || images.length > 0, 'empty images');
  for (const image of images.map(record)) {
    const bytes = Buffer.from(String(record(image['source'])['bytes']).slice(0, 16), 'base64').toString('latin1');
    const magic: Record<string, RegExp> = {
      png: /^\x89PNG/,
      jpeg: /^\xff\xd8\xff/,
      gif: /^GIF8/,
      webp: /^RIFF....WEBP/s,
    };
    rule(magic[String(image['format'])]?.test(bytes) === true, 'format and bytes of an image differ');
  }
  const content = user['content'];
  rule(typeof content === 'string', 'content is a string');
  rule(String(content).trim() !== '' || results.length > 0 || images.length > 0, 'a user turn with nothing in it');
  const answered = results.map(record).map((result) => {
    only(rule, result, ['toolUseId', 'content', 'status'], 'toolResult');
    rule(result['status'] === 'success' || result['status'] === 'error', 'status of a result');
    const blocks = list(result['content']).map(record);
    rule(
      blocks.length > 0 && blocks.every(({ text }) => typeof text === 'string' && text.trim() !== ''),
      'blank result',
    );
    return String(result['toolUseId']);
  });
  rule(
    answered.toSorted().join() === asked.toSorted().join(),
    'results answer the calls of the turn before, each once',
  );
}

function checkAssistant(rule: Rule, assistant: Fields, names: Set<string>, ids: Set<string>): string[] {
  only(rule, assistant, ['content', 'toolUses', 'reasoningContent'], 'assistantResponseMessage');
  const uses = list(assistant['toolUses'] ?? []).map(record);
  rule(assistant['toolUses'] === undefined || uses.length > 0, 'empty toolUses');
  const content = assistant['content'];
  rule(
    typeof content === 'string' && (content.trim() !== '' || uses.length > 0),
    'an assistant turn with nothing in it',
  );
  if (assistant['reasoningContent'] !== undefined) {
    const reasoning = record(assistant['reasoningContent']);
    rule(Object.keys(reasoning).length === 1, 'one member of reasoning');
    const signature = record(reasoning['reasoningText'] ?? reasoning)['signature'] ?? reasoning['redactedContent'];
    rule(typeof signature === 'string' && signature !== '', 'empty signature');
  }
  return uses.map((use) => {
    only(rule, use, ['toolUseId', 'name', 'input'], 'toolUse');
    const id = String(use['toolUseId']);
    rule(/^[a-zA-Z0-9_-]{1,64}$/.test(id), `toolUseId ${id}`);
    rule(!ids.has(id), `toolUseId ${id} twice`);
    ids.add(id);
    names.add(String(use['name']));
    rule(
      typeof use['input'] === 'object' && use['input'] !== null && !Array.isArray(use['input']),
      'input is an object',
    );
    return id;
  });
}

function checkTool(rule: Rule, tool: Fields): string {
  only(rule, tool, ['toolSpecification'], 'tool');
  const specification = record(tool['toolSpecification']);
  only(rule, specification, ['name', 'description', 'inputSchema'], 'toolSpecification');
  const name = String(specification['name']);
  rule(/^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/.test(name), `tool name ${name}`);
  const description = specification['description'];
  rule(typeof description === 'string' && description.trim() !== '' && description.length <= 9216, 'description');
  const holder = record(specification['inputSchema']);
  only(rule, holder, ['json'], 'inputSchema');
  for (const what of brokenSchemaRules(holder['json'])) rule(false, what);
  return name;
}

const keywords = [
  'type',
  'description',
  'title',
  'enum',
  'const',
  'default',
  'properties',
  'required',
  'items',
  'anyOf',
];

/** What a tool's schema breaks (protocol §4.8). */
export function brokenSchemaRules(schema: unknown): string[] {
  const broken: string[] = [];
  const rule: Rule = (holds, what) => {
    if (!holds) broken.push(what);
  };
  const root = record(schema);
  rule(root['type'] === 'object', 'the root is an object');
  rule(root['anyOf'] === undefined, 'alternatives at the root');
  rule(typeof root['properties'] === 'object', 'the root has properties');
  const walk = (node: unknown, depth: number): void => {
    rule(typeof node === 'object' && node !== null && !Array.isArray(node), 'a schema is an object');
    rule(depth <= 34, 'too deep');
    const fields = record(node);
    only(rule, fields, keywords, 'schema');
    rule(fields['type'] === undefined || typeof fields['type'] === 'string', 'type');
    rule(fields['type'] !== 'integer' && !Array.isArray(fields['type']), 'integer or several types');
    const properties = record(fields['properties'] ?? {});
    if (fields['required'] !== undefined) {
      const required = list(fields['required']);
      rule(required.length > 0 && new Set(required).size === required.length, 'required is empty or repeats');
      rule(
        required.every((name) => Object.hasOwn(properties, String(name))),
        'required names what is not there',
      );
    }
    for (const name of Object.keys(properties)) walk(properties[name], depth + 1);
    if (fields['items'] !== undefined) walk(fields['items'], depth + 1);
    for (const branch of list(fields['anyOf'] ?? [])) walk(branch, depth + 1);
  };
  walk(schema, 0);
  return broken;
}

type Fields = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function record(value: unknown): Fields {
  if (!isRecord(value)) throw new TypeError(`no object: ${JSON.stringify(value)}`);
  return value;
}

export function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError(`no list: ${JSON.stringify(value)}`);
  return value;
}

function only(rule: Rule, fields: Fields, members: readonly string[], where: string): void {
  for (const member of Object.keys(fields)) rule(members.includes(member), `${where} has the member ${member}`);
}
