import * as fc from 'fast-check';
import type {
  AssistantTurn,
  Conversation,
  ImagePart,
  JsonObject,
  Tool,
  Turn,
  UserPart,
  UserTurn,
} from '../../app/conversation/conversation.ts';

/** Conversations of every shape that a client API may hand on, the odd ones far more often than in life. */

const text = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'grapheme', maxLength: 30 }) },
  { weight: 2, arbitrary: fc.constantFrom('', ' ', '\n\t', 'Continue', '\u0000', '\\ud83d', '\u2028', 'a\r\nb') },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 10 }) },
  { weight: 1, arbitrary: fc.constantFrom('\ud83d', 'x\udc4b', '\\\ud83d') },
);
const callId = fc.oneof(
  fc.constantFrom(
    'a',
    'a_2',
    'tooluse_A1',
    '__proto__',
    'constructor',
    'with\nnewline',
    '',
    '9'.repeat(80),
    `1 ${'x'.repeat(70)}`,
  ),
  fc.string({ maxLength: 70 }),
);
const toolName = fc.oneof(
  fc.constantFrom(
    'read_file',
    'write',
    '__proto__',
    'constructor',
    'a b',
    'a\r\nb',
    '1st',
    '',
    'mcp.server/tool',
    'Ünïcode',
    'x'.repeat(65),
    `9${'y'.repeat(70)}`,
  ),
  fc.string({ maxLength: 70 }),
);
const json = fc
  .dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor')), fc.jsonValue({ maxDepth: 2 }), {
    maxKeys: 4,
  })
  .map(asJson);

/** Small pictures, some of them under another format's name. */
export const image: fc.Arbitrary<ImagePart> = fc
  .tuple(
    fc.constantFrom('png' as const, 'jpeg' as const, 'gif' as const, 'webp' as const),
    fc.constantFrom(
      'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg==',
      Buffer.from('\u00ff\u00d8\u00ff\u00e0rest', 'latin1').toString('base64'),
      Buffer.from('GIF89arest').toString('base64'),
      Buffer.from('RIFF0000WEBPrest').toString('base64'),
    ),
  )
  .map(([format, base64]) => ({ type: 'image', format, base64 }));

const schemaWord = fc.constantFrom(
  'type',
  'properties',
  'required',
  'items',
  'anyOf',
  'oneOf',
  'allOf',
  '$ref',
  '$defs',
  'definitions',
  'format',
  'pattern',
  'additionalProperties',
  'minLength',
  'enum',
  'const',
  'default',
  'description',
  'title',
  'not',
  '$schema',
  'if',
  '__proto__',
  'constructor',
  'name',
);
const reference = fc.constantFrom(
  '#',
  '#/$defs/a',
  '#/definitions/b',
  '#/properties/name',
  '#/anyOf/0',
  '#/%',
  '#/constructor',
  'https://x',
  '#/a~1b',
);

/** Things that look like JSON Schema, with keywords in wrong places and references in circles. */
export const wildSchema: fc.Arbitrary<JsonObject> = fc
  .letrec<{ node: unknown; map: unknown }>((tie) => ({
    map: fc.dictionary(schemaWord, tie('node'), { maxKeys: 4 }),
    node: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      fc.constantFrom<unknown>('string', 'object', 'integer', true, null, 7, ['string', 'null'], ['name', 'format'], {
        $ref: '#',
      }),
      fc.record({ $ref: reference, description: fc.string() }, { requiredKeys: ['$ref'] }),
      fc.record(
        {
          type: fc.constantFrom<unknown>('object', 'string', 'integer', ['string', 'null'], ['string', 'number'], 5),
          properties: tie('map'),
          required: fc.array(schemaWord, { maxLength: 3 }),
          items: tie('node'),
          anyOf: fc.array(tie('node'), { maxLength: 3 }),
          oneOf: fc.array(tie('node'), { maxLength: 3 }),
          allOf: fc.array(tie('node'), { maxLength: 3 }),
          $defs: tie('map'),
          enum: fc.array(fc.jsonValue(), { maxLength: 2 }),
          description: fc.oneof(fc.string(), fc.constant(5)),
          additionalProperties: fc.constantFrom<unknown>(false, {}),
          format: fc.string(),
        },
        { requiredKeys: [] },
      ),
      tie('map'),
    ),
  }))
  .node.map((node) => (typeof node === 'object' && node !== null && !Array.isArray(node) ? asJson(node) : {}));

const tool: fc.Arbitrary<Tool> = fc.record({
  name: toolName,
  description: fc.oneof(text, fc.constant('👋'.repeat(6000))),
  inputSchema: wildSchema,
});

const reasoning = fc.oneof(
  fc.record({ type: fc.constant('signed' as const), text, signature: fc.constantFrom('', 'SIG==') }),
  fc.record({ type: fc.constant('opaque' as const), signature: fc.constantFrom('', '.KTR~~') }),
  fc.record({ type: fc.constant('redacted' as const), data: fc.constantFrom('', 'QQ==') }),
);

const part: fc.Arbitrary<UserPart> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('text' as const), text }) },
  { weight: 1, arbitrary: image },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('tool-result' as const),
      callId,
      text,
      images: fc.array(image, { maxLength: 2 }),
      isError: fc.boolean(),
    }),
  },
);
const user: fc.Arbitrary<UserTurn> = fc.record({
  role: fc.constant('user' as const),
  parts: fc.array(part, { maxLength: 5 }),
});
const assistant: fc.Arbitrary<AssistantTurn> = fc
  .record({
    role: fc.constant('assistant' as const),
    text,
    toolCalls: fc.array(fc.record({ id: callId, name: toolName, input: json }), { maxLength: 4 }),
    reasoning: fc.option(reasoning, { nil: undefined }),
  })
  .map(({ reasoning, ...turn }) => (reasoning === undefined ? turn : { ...turn, reasoning }));

/** An assistant's turn with calls, and the user's that answers them. */
const exchange: fc.Arbitrary<Turn[]> = assistant.map((turn) => [
  turn,
  {
    role: 'user',
    parts: turn.toolCalls.map(({ id }) => ({
      type: 'tool-result',
      callId: id,
      text: `result of ${id}`,
      images: [],
      isError: false,
    })),
  },
]);

export const turns: fc.Arbitrary<Turn[]> = fc
  .array(
    fc.oneof(
      user.map((turn): Turn[] => [turn]),
      assistant.map((turn): Turn[] => [turn]),
      exchange,
    ),
    { maxLength: 8 },
  )
  .map((groups) => groups.flat());

export const conversation: fc.Arbitrary<Conversation> = fc
  .record({
    turns,
    system: text,
    tools: fc.uniqueArray(tool, { maxLength: 3, selector: ({ name }) => name }),
    choice: fc.constantFrom('auto' as const, 'none' as const, 'required' as const, 'tool' as const),
    effort: fc.option(fc.constantFrom('none' as const, 'low' as const, 'xhigh' as const, 'max' as const), {
      nil: undefined,
    }),
    maxOutputTokens: fc.option(fc.integer({ min: 1, max: 1_000_000 }), { nil: undefined }),
    format: fc.constantFrom(
      { type: 'text' as const },
      { type: 'json' as const },
      { type: 'json-schema' as const, name: 'x', schema: { type: 'object' } },
    ),
  })
  .map(({ turns, system, tools, choice, effort, maxOutputTokens, format }) => ({
    model: 'claude-opus-5',
    system,
    turns,
    tools,
    toolChoice: choice === 'tool' ? { type: 'tool', name: tools[0]?.name ?? 'x' } : { type: choice },
    responseFormat: format,
    stop: [],
    ...(effort === undefined ? {} : { effort }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
  }));

/** A conversation that says nothing but what is given. */
export function plain(turns: readonly Turn[], more: Partial<Conversation> = {}): Conversation {
  return {
    model: 'm',
    system: '',
    turns,
    tools: [],
    toolChoice: { type: 'auto' },
    responseFormat: { type: 'text' },
    stop: [],
    ...more,
  };
}

export function said(text: string): UserTurn {
  return { role: 'user', parts: [{ type: 'text', text }] };
}

export function answered(text: string, toolCalls: AssistantTurn['toolCalls'] = []): AssistantTurn {
  return { role: 'assistant', text, toolCalls };
}

export function result(callId: string, text: string): UserTurn {
  return { role: 'user', parts: [{ type: 'tool-result', callId, text, images: [], isError: false }] };
}

function asJson(value: unknown): JsonObject {
  return JSON.parse(JSON.stringify(value));
}
