import { afterAll, describe, expect, it } from 'vitest';
import { startEmulator } from './emulator.ts';
import type { JsonObject } from './json.ts';
import { generate } from './support.ts';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg==';
const IMAGE = { format: 'png', source: { bytes: PNG } };
const BLANK = '   ';

/** Sets `value` at a path of members and indexes; `undefined` removes. */
function put(body: unknown, path: string, value: unknown): void {
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  let at: unknown = body;
  for (const step of steps) at = typeof at === 'object' && at !== null ? Reflect.get(at, step) : undefined;
  if (typeof at !== 'object' || at === null) throw new Error(`nothing at ${path}`);
  if (value === undefined) Reflect.deleteProperty(at, last);
  else Reflect.set(at, last, value);
}

const tool = (changes: object = {}): JsonObject => ({
  toolSpecification: {
    name: 'read_file',
    description: 'Reads a file.',
    inputSchema: {
      json: {
        type: 'object',
        properties: { path: { type: 'string' }, format: { type: 'string' } },
        required: ['path'],
      },
    },
    ...changes,
  },
});

/** A body with everything in it that a rule could find fault with, and no fault. */
function valid(arn: string): JsonObject {
  const modelId = 'claude-opus-4.6';
  const use = { toolUseId: 'tooluse_A1', name: 'read_file', input: { path: 'a' } };
  const result = { toolUseId: 'tooluse_A1', content: [{ text: 'buy milk' }], status: 'success' };
  const reasoningContent = { reasoningText: { text: 'Thinking.', signature: 'ISSUED' } };
  return {
    profileArn: arn,
    additionalModelRequestFields: { thinking: { type: 'adaptive', display: 'summarized' }, max_tokens: 8192 },
    conversationState: {
      chatTriggerType: 'MANUAL',
      agentTaskType: 'vibe',
      conversationId: 'c-1',
      history: [
        { userInputMessage: { content: 'Look.', modelId, origin: 'AI_EDITOR', images: [IMAGE] } },
        { assistantResponseMessage: { content: '', toolUses: [use], reasoningContent } },
      ],
      currentMessage: {
        userInputMessage: {
          content: '',
          modelId,
          origin: 'AI_EDITOR',
          userInputMessageContext: { tools: [tool()], toolResults: [result] },
        },
      },
    },
  };
}

const STATE = 'conversationState';
const CURRENT = `${STATE}.currentMessage.userInputMessage`;
const CONTEXT = `${CURRENT}.userInputMessageContext`;
const USER0 = `${STATE}.history.0.userInputMessage`;
const ASSISTANT = `${STATE}.history.1.assistantResponseMessage`;
const SCHEMA = `${CONTEXT}.tools.0.toolSpecification.inputSchema.json`;
const INVALID = 'REQUEST_BODY_INVALID';
const SIGNATURE = 'THINKING_SIGNATURE_INVALID';

/** rule, changes of the valid body (path → value), reason, and the status where it is not 400. */
const VIOLATIONS: readonly (readonly [
  rule: string,
  changes: Readonly<Record<string, unknown>>,
  reason: string | null,
  status?: number,
])[] = [
  ['top-level-members', { systemPrompt: 'Be nice.' }, INVALID],
  ['conversation-state', { [STATE]: undefined }, INVALID],
  ['conversation-state', { [`${STATE}.extra`]: 1 }, INVALID],
  ['conversation-state', { [`${STATE}.conversationId`]: '' }, 'INVALID_CONVERSATION_ID'],
  ['chat-trigger-type', { [`${STATE}.chatTriggerType`]: 'AUTO' }, INVALID],
  ['chat-trigger-type', { [`${STATE}.chatTriggerType`]: undefined }, INVALID],
  ['agent-task-type', { [`${STATE}.agentTaskType`]: 'other' }, INVALID],
  ['current-message', { [`${STATE}.currentMessage`]: {} }, INVALID],
  ['current-message', { [`${STATE}.currentMessage`]: { assistantResponseMessage: { content: 'x' } } }, INVALID],
  ['history-entries', { [`${STATE}.history.0`]: { system: {} } }, INVALID],
  ['user-members', { [`${CURRENT}.temperature`]: 1 }, INVALID],
  ['image-in-context', { [`${CONTEXT}.images`]: [IMAGE] }, INVALID],
  ['context-members', { [`${CONTEXT}.extra`]: 1 }, INVALID],
  ['assistant-members', { [`${ASSISTANT}.extra`]: 1 }, INVALID],
  ['content-text', { [`${CURRENT}.content`]: undefined }, INVALID],
  ['content-text', { [`${ASSISTANT}.content`]: [] }, INVALID],
  ['origin', { [`${CURRENT}.origin`]: 'VSCODE' }, INVALID],
  ['model-id', { [`${CURRENT}.modelId`]: 7 }, 'INVALID_MODEL_ID'],
  ['empty-array', { [`${CONTEXT}.toolResults`]: [] }, INVALID],
  ['empty-array', { [`${ASSISTANT}.toolUses`]: [] }, INVALID],
  ['profile-arn-missing', { profileArn: undefined }, null],
  ['profile-arn-pattern', { profileArn: 'arn:nonsense' }, INVALID],
  ['profile-arn-foreign', { profileArn: 'arn:aws:codewhisperer:us-east-1:111111111111:profile/OTHER' }, null, 403],
  ['model-unknown', { [`${CURRENT}.modelId`]: 'claude-opus-99' }, 'INVALID_MODEL_ID'],
  ['first-turn-user', { [`${STATE}.history`]: [{ assistantResponseMessage: { content: 'Hi.' } }] }, INVALID],
  ['roles-alternate', { [`${STATE}.history`]: [{ userInputMessage: { content: 'Hi.' } }] }, INVALID],
  ['user-turn-empty', { [`${USER0}.content`]: BLANK, [`${USER0}.images`]: undefined }, INVALID],
  [
    'assistant-turn-empty',
    { [`${ASSISTANT}.toolUses`]: undefined, [`${CONTEXT}.toolResults`]: undefined, [`${CURRENT}.content`]: 'x' },
    INVALID,
  ],
  [
    'tool-count',
    { [`${CONTEXT}.tools`]: Array.from({ length: 129 }, (_, index) => tool({ name: `t${index}` })) },
    INVALID,
  ],
  ['tool-shape', { [`${CONTEXT}.tools.1`]: { function: {} } }, INVALID],
  ['tool-name-length', { [`${CONTEXT}.tools.1`]: tool({ name: 'x'.repeat(65) }) }, INVALID],
  ['tool-name-pattern', { [`${CONTEXT}.tools.1`]: tool({ name: 'read file' }) }, INVALID],
  ['tool-name-pattern', { [`${CONTEXT}.tools.1`]: tool({ name: '1read' }) }, INVALID],
  ['tool-name-duplicate', { [`${CONTEXT}.tools.1`]: tool() }, 'TOOL_DUPLICATE'],
  ['tool-description', { [`${CONTEXT}.tools.0.toolSpecification.description`]: '' }, INVALID],
  ['tool-description-length', { [`${CONTEXT}.tools.0.toolSpecification.description`]: 'x'.repeat(10_001) }, INVALID],
  ['tool-schema', { [`${CONTEXT}.tools.0.toolSpecification.inputSchema`]: { type: 'object' } }, INVALID],
  ['tool-schema-root', { [`${SCHEMA}.type`]: 'string' }, INVALID],
  ['tool-schema-combinator', { [`${SCHEMA}.anyOf`]: [{ type: 'object' }] }, INVALID],
  ['tool-schema-keyword', { [`${SCHEMA}.additionalProperties`]: false }, INVALID],
  ['tool-schema-keyword', { [`${SCHEMA}.properties.path.minLength`]: 1 }, INVALID],
  [
    'tool-schema-keyword',
    { [`${SCHEMA}.properties.path`]: { type: 'array', items: { type: 'string', format: 'uri' } } },
    INVALID,
  ],
  ['tool-schema-required', { [`${SCHEMA}.required`]: [] }, INVALID],
  ['tool-schema-required', { [`${SCHEMA}.required`]: ['absent'] }, INVALID],
  ['tool-use-shape', { [`${ASSISTANT}.toolUses.0.name`]: undefined }, INVALID],
  ['tool-use-id-pattern', { [`${ASSISTANT}.toolUses.0.toolUseId`]: 'a\nb' }, INVALID],
  ['tool-use-input', { [`${ASSISTANT}.toolUses.0.input`]: '{"path":"a"}' }, INVALID],
  [
    'tool-use-duplicate',
    { [`${ASSISTANT}.toolUses.1`]: { toolUseId: 'tooluse_A1', name: 'read_file', input: {} } },
    'TOOL_DUPLICATE',
  ],
  ['tool-result-shape', { [`${CONTEXT}.toolResults.0.status`]: 'failed' }, INVALID],
  [
    'tool-result-duplicate',
    { [`${CONTEXT}.toolResults.1`]: { toolUseId: 'tooluse_A1', content: [{ text: 'x' }] } },
    'TOOL_USE_RESULT_MISMATCH',
  ],
  ['tool-result-content', { [`${CONTEXT}.toolResults.0.content`]: [] }, INVALID],
  ['tool-result-content', { [`${CONTEXT}.toolResults.0.content`]: [{ text: BLANK }] }, INVALID],
  [
    'tool-result-orphan',
    { [`${CONTEXT}.toolResults.1`]: { toolUseId: 'tooluse_B', content: [{ text: 'x' }] } },
    'TOOL_USE_RESULT_MISMATCH',
  ],
  [
    'tool-use-unanswered',
    { [`${CONTEXT}.toolResults`]: undefined, [`${CURRENT}.content`]: 'x' },
    'TOOL_USE_RESULT_MISMATCH',
  ],
  ['tool-undeclared', { [`${CONTEXT}.tools.0`]: tool({ name: 'other' }) }, INVALID],
  ['tool-undeclared', { [`${CONTEXT}.tools`]: undefined }, 'TOOL_CONFIG_MISSING'],
  ['image-shape', { [`${USER0}.images.0`]: { url: 'https://example.com' } }, INVALID],
  ['image-format', { [`${USER0}.images.0.format`]: 'jpg' }, 'IMAGE_FORMAT_UNSUPPORTED'],
  ['image-bytes', { [`${USER0}.images.0.source.bytes`]: `data:image/png;base64,${PNG}` }, INVALID],
  ['image-mime', { [`${USER0}.images.0.format`]: 'jpeg' }, 'IMAGE_MIME_MISMATCH'],
  [
    'image-size',
    { [`${USER0}.images.0.source.bytes`]: PNG.slice(0, 64) + 'A'.repeat(5_300_000) },
    'IMAGE_SIZE_EXCEEDED',
  ],
  ['image-dimension', { [`${USER0}.images.0.source.bytes`]: wide() }, 'IMAGE_DIMENSION_EXCEEDED'],
  ['image-count', { [`${USER0}.images`]: Array.from({ length: 11 }, () => IMAGE) }, 'IMAGE_COUNT_EXCEEDED'],
  ['image-model', { [`${CURRENT}.modelId`]: 'qwen3-coder-next' }, INVALID],
  ['document-shape', { [`${USER0}.documents`]: [{ name: 'a', format: 'exe', source: { bytes: 'QQ==' } }] }, INVALID],
  ['document-name', { [`${USER0}.documents`]: [document('a.b')] }, INVALID],
  ['document-duplicate', { [`${USER0}.documents`]: [document('a'), document('a')] }, 'DOCUMENT_DUPLICATE_NAME'],
  [
    'document-count',
    { [`${USER0}.documents`]: ['a', 'b', 'c', 'd', 'e', 'f'].map(document) },
    'DOCUMENT_COUNT_EXCEEDED',
  ],
  ['model-fields-unsupported', { [`${CURRENT}.modelId`]: 'claude-haiku-4.5' }, INVALID],
  ['model-fields-schema', { 'additionalModelRequestFields.temperature': 1 }, INVALID],
  ['model-fields-schema', { 'additionalModelRequestFields.max_tokens': 100 }, INVALID],
  ['model-fields-schema', { 'additionalModelRequestFields.output_config': { effort: 'xhigh' } }, INVALID],
  ['reasoning-one-member', { [`${ASSISTANT}.reasoningContent`]: { reasoningText: {}, signature: 'x' } }, INVALID],
  ['reasoning-text-form', { [`${ASSISTANT}.reasoningContent`]: { signature: 'ISSUED' } }, INVALID],
  ['reasoning-unsigned', { [`${ASSISTANT}.reasoningContent.reasoningText.signature`]: undefined }, SIGNATURE],
  ['reasoning-signature-empty', { [`${ASSISTANT}.reasoningContent.reasoningText.signature`]: '' }, SIGNATURE],
  ['reasoning-signature-unknown', { [`${ASSISTANT}.reasoningContent.reasoningText.signature`]: 'INVENTED' }, SIGNATURE],
  ['reasoning-text-changed', { [`${ASSISTANT}.reasoningContent.reasoningText.text`]: 'Thinking' }, SIGNATURE],
  ['reasoning-other-model', { [`${CURRENT}.modelId`]: 'claude-opus-5' }, SIGNATURE],
  ['context-window', { [`${CURRENT}.content`]: 'word '.repeat(800_000) }, 'CONTENT_LENGTH_EXCEEDS_THRESHOLD'],
  ['body-bytes', { [`${CURRENT}.content`]: 'word '.repeat(1_700_000) }, null, 413],
];

function document(name: string): object {
  return { name, format: 'txt', source: { bytes: 'QQ==' } };
}

/** A PNG head that claims 9,000 pixels. */
function wide(): string {
  const bytes = Buffer.from(PNG, 'base64');
  bytes.writeUInt32BE(9000, 16);
  return bytes.toString('base64');
}

describe('every rule refuses the body that breaks only it', async () => {
  const emulator = await startEmulator({ chunking: 'whole' });
  const account = emulator.addAccount({ kind: 'social' });
  const login = account.newLogin();
  emulator.world.signatures.issue('ISSUED', 'claude-opus-4.6', 'Thinking.');
  const arn = account.profileArn ?? '';

  it('accepts the valid body', async () => {
    const reply = await generate(emulator, account, login, valid(arn));
    expect([reply.status, reply.body['message']]).toEqual([200, undefined]);
  });

  it.each(
    VIOLATIONS.map(([rule, changes, reason, status = 400]) => ({
      rule,
      at: Object.keys(changes).join(' + '),
      changes,
      reason,
      status,
    })),
  )('$rule: $at', async ({ rule, changes, reason, status }) => {
    const body = structuredClone(valid(arn));
    for (const [path, value] of Object.entries(changes)) put(body, path, value);
    const reply = await generate(emulator, account, login, body);
    const entry = emulator.journal.findLast((one) => one.rule === rule);
    expect([reply.status, entry?.rule]).toEqual([status, rule]);
    // 413 comes from in front of the service and names no reason.
    expect(reply.body['reason'] ?? null).toBe(reason);
    expect(reply.body['message']).toBeTypeOf('string');
  });

  it('GPT takes the bare signature only', async () => {
    emulator.world.signatures.issue('.KTR~~x', 'gpt-5.6-sol', '');
    const ask = async (reasoningContent: object): Promise<number> => {
      const body = structuredClone(valid(arn));
      put(body, 'additionalModelRequestFields', { reasoning: { effort: 'low' } });
      put(body, `${CURRENT}.modelId`, 'gpt-5.6-sol');
      put(body, `${ASSISTANT}.reasoningContent`, reasoningContent);
      return (await generate(emulator, account, login, body)).status;
    };
    expect(await ask({ signature: '.KTR~~x' })).toBe(200);
    expect(await ask({ redactedContent: '.KTR~~x' })).toBe(400);
    expect(emulator.journal.at(-1)?.rule).toBe('reasoning-gpt-form');
  });

  it('a signature from the stream is good again, on another account too', async () => {
    const other = emulator.addAccount({ kind: 'social' });
    emulator.script([{ reasoning: 'Hm, „so“.', text: 'x' }]);
    const first = await generate(emulator, account, login, valid(arn));
    const signature = /"signature":"([^"]+)"/.exec(first.bytes.toString('utf8'))?.[1];
    const body = structuredClone(valid(other.profileArn ?? ''));
    put(body, `${ASSISTANT}.reasoningContent`, { reasoningText: { text: 'Hm, „so“.', signature } });
    expect((await generate(emulator, other, other.newLogin(), body)).status).toBe(200);
  });

  it('notes filler text without refusing it', async () => {
    const body = structuredClone(valid(arn));
    put(body, `${CURRENT}.content`, 'Tool results provided.');
    expect((await generate(emulator, account, login, body)).status).toBe(200);
    expect(emulator.journal.at(-1)?.notes).toEqual(['tool-result-filler']);
  });

  afterAll(async () => emulator.close());
});
