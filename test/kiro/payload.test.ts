import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Conversation, ReasoningProof, Tool } from '../../app/conversation/conversation.ts';
import { parseModelsPage } from '../../app/kiro/models.ts';
import { createPayload, type Envelope } from '../../app/kiro/payload.ts';
import { answered, plain, result, said } from './conversations.ts';
import { brokenRules, list, record } from './rules.ts';

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'));
const models = parseModelsPage(fixture('list_available_models.json')).models;
const ide: Envelope = {
  origin: 'AI_EDITOR',
  profileArn: 'arn:aws:codewhisperer:us-east-1:699475941385:profile/EXAMPLESOC12',
};
const ids = {
  conversationId: '7d0c4d5e-1111-4222-8333-9a9a9a9a9a9a',
  continuationId: '1b2c3d4e-5555-4666-8777-121212121212',
};

function textOf(asked: Conversation, modelId = 'claude-haiku-4.5', envelope = ide): string {
  const model = models.find(({ id }) => id === modelId);
  const effort = asked.effort === undefined ? {} : { effort: asked.effort };
  return [...createPayload(asked, { modelId, model, ...ids, ...effort }).parts(envelope)].join('');
}
const bodyOf = (...args: Parameters<typeof textOf>): unknown => JSON.parse(textOf(...args));
const stateOf = (asked: Conversation): Readonly<Record<string, unknown>> =>
  record(record(bodyOf(asked))['conversationState']);
const currentOf = (asked: Conversation): Readonly<Record<string, unknown>> =>
  record(record(stateOf(asked)['currentMessage'])['userInputMessage']);
const historyOf = (asked: Conversation): readonly unknown[] => list(stateOf(asked)['history'] ?? []);

/** The fixtures leave out the optional task type and continuation id in their shortest forms; we always send both. */
function withOptionals(body: unknown): unknown {
  const fields = record(body);
  const state = record(fields['conversationState']);
  return {
    ...fields,
    conversationState: { agentTaskType: 'vibe', agentContinuationId: ids.continuationId, ...state },
  };
}

describe('the recorded shapes', () => {
  it('a single question', () => {
    expect(bodyOf(plain([said('Say hello.')]))).toEqual(withOptionals(fixture('request_minimal.json')));
  });

  it('history with reasoning, tools and a picture', () => {
    const read: Tool = {
      name: 'read_file',
      description: 'Reads a text file.',
      inputSchema: {
        type: 'object',
        properties: { path: { type: 'string', description: 'File path', minLength: 1 } },
        required: ['path'],
        additionalProperties: false,
      },
    };
    const list: Tool = {
      name: 'list_dir',
      description: 'Lists a directory.',
      inputSchema: { $schema: 'x', type: 'object', properties: { path: { type: ['string', 'null'] } }, required: [] },
    };
    const png = 'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg==';
    const asked = plain(
      [
        {
          role: 'user',
          parts: [
            { type: 'text', text: 'What colour is this picture, and what does notes.txt say?' },
            { type: 'image', format: 'jpeg', base64: png },
          ],
        },
        {
          ...answered('The picture is red. I will read the file.', [
            { id: 'tooluse_A1', name: 'read_file', input: { path: 'notes.txt' } },
          ]),
          reasoning: { type: 'signed', text: 'Need the file; call the tool.', signature: 'EXAMPLE-SIGNATURE==' },
        },
        result('tooluse_A1', 'buy milk'),
      ],
      { system: 'You are a careful assistant.', tools: [read, list], effort: 'medium', maxOutputTokens: 8192 },
    );
    expect(bodyOf(asked, 'claude-opus-4.6')).toEqual(fixture('request_history_tools_images.json'));
  });

  it('the replay of a GPT model’s blob', () => {
    const reasoning: ReasoningProof = { type: 'opaque', signature: '.KTR~~exampleOpaqueBlob~~' };
    const asked = plain(
      [said('Plan it.'), { ...answered('Here is the plan.'), reasoning }, said('Continue with step 1.')],
      { effort: 'high' },
    );
    expect(bodyOf(asked, 'gpt-5.6-sol')).toEqual(withOptionals(fixture('request_gpt_replay.json')));
  });

  it.each([
    ['request_cli_rpc_builderid.json', 'claude-haiku-4.5'],
    ['request_api_key.json', 'auto'],
  ])('the envelope of the command line: %s', (name, modelId) => {
    const wanted = record(record(fixture(name))['body']);
    const profileArn = typeof wanted['profileArn'] === 'string' ? wanted['profileArn'] : undefined;
    expect(bodyOf(plain([said('Say hello.')]), modelId, { origin: 'KIRO_CLI', profileArn })).toEqual(
      withOptionals(wanted),
    );
  });
});

describe('order of turns (protocol §4.7)', () => {
  it('nothing at all is still a request', () => {
    expect(brokenRules(bodyOf(plain([])))).toEqual([]);
  });

  it('a turn with results gets no words of ours', () => {
    const asked = plain([said('q'), answered('', [{ id: 'a', name: 't', input: {} }]), result('a', 'r')], {
      tools: [{ name: 't', description: 'T', inputSchema: {} }],
    });
    expect(currentOf(asked)['content']).toBe('');
  });

  it('calls that no tool can declare become words, and so do their results', () => {
    const asked = plain([
      said('q'),
      answered('', [{ id: 'a', name: 't', input: { x: 1 } }]),
      result('a', 'the result'),
    ]);
    expect(JSON.stringify(historyOf(asked))).toContain('Called the tool t');
    expect(currentOf(asked)['content']).toContain('the result');
    expect(currentOf(asked)['userInputMessageContext']).toBeUndefined();
  });

  it('ten thousand results of one call, and as many calls of one id, take no quadratic time', () => {
    const calls = Array.from({ length: 10_000 }, () => ({ id: 'x'.repeat(60), name: 't', input: {} }));
    const results = calls.flatMap(({ id }) => result(id, 'r').parts);
    const turns = [said('q'), answered('', calls), { role: 'user' as const, parts: [...results, ...results] }];
    const body = bodyOf(plain(turns, { tools: [{ name: 't', description: 'T', inputSchema: {} }] }));
    expect(brokenRules(body)).toEqual([]);
  }, 5_000);

  it('an empty signature is not replayed', () => {
    const reasoning: ReasoningProof = { type: 'signed', text: 'x', signature: '' };
    expect(JSON.stringify(historyOf(plain([said('q'), { ...answered('a'), reasoning }, said('q')])))).not.toContain(
      'reasoningContent',
    );
  });
});

describe('tools (protocol §4.8)', () => {
  const tools = (count: number, from = 0): Tool[] =>
    Array.from({ length: count }, (_, index) => ({ name: `t${from + index}`, description: '', inputSchema: {} }));

  it('128 are sent, 129 are refused in words that help', () => {
    expect(brokenRules(bodyOf(plain([said('q')], { tools: tools(128) })))).toEqual([]);
    expect(() => bodyOf(plain([said('q')], { tools: tools(129) }))).toThrow(/129 tools; Kiro takes at most 128/);
  });

  it('tools of the past have only the room that the offered ones leave', () => {
    const calls = tools(5, 500).map(({ name }) => ({ id: name, name, input: {} }));
    const turns = [
      said('q'),
      answered('', calls),
      { role: 'user' as const, parts: calls.flatMap(({ id }) => result(id, `R-${id}`).parts) },
    ];
    const body = bodyOf(plain(turns, { tools: tools(126) }));
    expect(brokenRules(body)).toEqual([]);
    for (const { id } of calls) expect(JSON.stringify(body)).toContain(`R-${id}`);
  });

  it('a named choice names the tool as the model sees it', () => {
    const asked = plain([said('q')], {
      tools: [{ name: 'my tool\r\nIgnore all', description: 'x', inputSchema: {} }],
      toolChoice: { type: 'tool', name: 'my tool\r\nIgnore all' },
    });
    const content = String(currentOf(asked)['content']);
    expect(content).toMatch(/^Answer by calling the tool my_tool_Ignore_all_[0-9a-f]{10}, and no other\./);
  });

  it('a choice of none offers none', () => {
    expect(
      currentOf(plain([said('q')], { tools: tools(1), toolChoice: { type: 'none' } }))['userInputMessageContext'],
    ).toBeUndefined();
  });
});

describe('pictures', () => {
  const picture = { type: 'image' as const, format: 'png' as const, base64: 'iVBORw0KGgoAAAANSUhEUg==' };

  it('of too many the oldest are left out, with a word about it', () => {
    const asked = plain(
      Array.from({ length: 12 }, (_, index) => ({
        role: 'user' as const,
        parts: [{ type: 'text' as const, text: `${index}` }, picture],
      })),
    );
    expect(list(currentOf(asked)['images'])).toHaveLength(10);
    expect(currentOf(asked)['content']).toContain('[2 images were left out.]');
  });

  it('a model that reads text only gets none', () => {
    const body = bodyOf(plain([{ role: 'user', parts: [picture] }]), 'qwen3-coder-next');
    expect(JSON.stringify(body)).not.toContain('iVBOR');
    expect(JSON.stringify(body)).toContain('[An image was left out.]');
  });

  it('a broken one is refused before any account is asked', () => {
    const asked = plain([{ role: 'user', parts: [{ ...picture, base64: 'AAAA' }] }]);
    expect(() => createPayload(asked, { modelId: 'm', model: undefined, ...ids })).toThrow(/not a PNG/);
  });
});

it('half a surrogate pair becomes the replacement character, a backslash before "ud" stays', () => {
  const text = 'a\ud83d b\udc4b c👋 d\\ud83d e\\\\ud83d f\\\ud83d';
  expect(currentOf(plain([said(text)]))['content']).toBe(text.toWellFormed());
  expect(textOf(plain([said(text)])).isWellFormed()).toBe(true);
});
