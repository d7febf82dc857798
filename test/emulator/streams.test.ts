import {
  CodeWhispererStreamingClient,
  GenerateAssistantResponseCommand,
  type ChatResponseStream,
  type GenerateAssistantResponseRequest,
} from '@aws/codewhisperer-streaming-client';
import { describe, expect, it } from 'vitest';
import { encodeFrame, startEmulator, type EmulatedAccount, type Emulator } from './emulator.ts';
import { objectOf, stringOf } from './json.ts';
import { decode, fixture, fixtureBytes, generate, minimal, spoken } from './support.ts';

function clientOf(emulator: Emulator, account: EmulatedAccount): CodeWhispererStreamingClient {
  return new CodeWhispererStreamingClient({
    region: account.apiRegion,
    endpoint: emulator.endpoints.runtime.replace('{region}', account.apiRegion),
    token: { token: account.newLogin().accessToken },
    maxAttempts: 1,
  });
}

async function ask(
  client: CodeWhispererStreamingClient,
  request: GenerateAssistantResponseRequest,
): Promise<ChatResponseStream[]> {
  const answer = await client.send(new GenerateAssistantResponseCommand(request));
  const events: ChatResponseStream[] = [];
  for await (const part of answer.generateAssistantResponseResponse ?? []) events.push(part);
  return events;
}

function request(
  account: EmulatedAccount,
  content: string,
  modelId: string,
  more: object = {},
): GenerateAssistantResponseRequest {
  const userInputMessage = { content, modelId, origin: 'AI_EDITOR' as const, ...more };
  const conversationState = { chatTriggerType: 'MANUAL' as const, currentMessage: { userInputMessage } };
  return { conversationState, profileArn: account.profileArn ?? '' };
}

const READ_TOOL = {
  toolSpecification: {
    name: 'read_file',
    description: 'Reads a file.',
    inputSchema: { json: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] } },
  },
};

describe('the official client reads what the emulator writes', () => {
  it.each([1, 2, 3, 4, 5])('text, cut at awkward places with seed %i', async (seed) => {
    await using emulator = await startEmulator({ seed });
    const account = emulator.addAccount({ kind: 'social' });
    const events = await ask(
      clientOf(emulator, account),
      request(account, 'Say exactly hello 👋 wörld — ✓', 'claude-haiku-4.5'),
    );
    const text = events.map((part) => part.assistantResponseEvent?.content ?? '').join('');
    expect(text).toBe('hello 👋 wörld — ✓');
    expect(events.at(-2)?.meteringEvent?.usage).toBeGreaterThan(0);
    expect(events.at(-1)?.metadataEvent).toBeDefined();
  });

  it('a tool call in fragments that join to its input', async () => {
    await using emulator = await startEmulator();
    const account = emulator.addAccount({ kind: 'social' });
    const more = { userInputMessageContext: { tools: [READ_TOOL] } };
    const events = await ask(
      clientOf(emulator, account),
      request(account, 'Read notes-äöü.txt', 'claude-opus-4.6', more),
    );
    const parts = events.map((part) => part.toolUseEvent).filter((part) => part !== undefined);
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.map((part) => part.input ?? '').join('')).toBe('{"path":"notes-äöü.txt"}');
    expect(parts.at(-1)?.stop).toBe(true);
  });

  it('reasoning of Claude as text and then a signature', async () => {
    await using emulator = await startEmulator();
    const account = emulator.addAccount({ kind: 'social' });
    const asked = request(account, 'Say exactly 4', 'claude-opus-4.6');
    const additionalModelRequestFields = {
      thinking: { type: 'adaptive', display: 'summarized' },
      output_config: { effort: 'low' },
    };
    const events = await ask(clientOf(emulator, account), { ...asked, additionalModelRequestFields });
    const reasoning = events.map((part) => part.reasoningContentEvent).filter((part) => part !== undefined);
    expect(reasoning.length).toBeGreaterThan(2);
    expect(reasoning.at(-1)?.signature?.length).toBeGreaterThanOrEqual(304);
    expect(reasoning.slice(0, -1).every((part) => part.signature === undefined)).toBe(true);
  });

  it('the reasoning blob of GPT at the end', async () => {
    await using emulator = await startEmulator();
    const account = emulator.addAccount({ kind: 'social' });
    const events = await ask(clientOf(emulator, account), request(account, 'Say exactly 4', 'gpt-5.6-sol'));
    const names = events.map((part) => Object.keys(part)[0]);
    expect(names.indexOf('reasoningContentEvent')).toBeGreaterThan(names.lastIndexOf('assistantResponseEvent'));
    const blob = events.find((part) => part.reasoningContentEvent !== undefined)?.reasoningContentEvent;
    expect(blob?.signature).toMatch(/^\.KTR~~/);
    expect(blob?.text).toBeUndefined();
  });

  it('a broken checksum and a stream cut in a frame are noticed by it', async () => {
    await using emulator = await startEmulator();
    const account = emulator.addAccount({ kind: 'social' });
    const asked = request(account, 'Say exactly a b c d e f', 'claude-haiku-4.5');
    emulator.inject({ on: 'generate', fault: { kind: 'bad-crc', atEvent: 1 } });
    await expect(ask(clientOf(emulator, account), asked)).rejects.toThrow(/checksum/i);
    emulator.inject({ on: 'generate', fault: { kind: 'truncate', afterEvents: 1, midFrame: true } });
    await expect(ask(clientOf(emulator, account), asked)).rejects.toThrow(/fetch failed|terminated|truncated/i);
  });
});

describe('requests of the fixtures', () => {
  it('the history with tools and an image is accepted', async () => {
    await using emulator = await startEmulator();
    const body = fixture('request_history_tools_images.json');
    const account = emulator.addAccount({ kind: 'social', profiles: [{ arn: stringOf(body['profileArn']) }] });
    emulator.world.signatures.issue('EXAMPLE-SIGNATURE==', 'claude-opus-4.6', 'Need the file; call the tool.');
    const reply = await generate(emulator, account, account.newLogin(), body);
    expect(reply.body['message']).toBeUndefined();
    expect(reply.status).toBe(200);
  });

  it('the minimal one and the GPT replay are accepted', async () => {
    await using emulator = await startEmulator();
    const arn = stringOf(fixture('request_minimal.json')['profileArn']);
    const account = emulator.addAccount({ kind: 'social', profiles: [{ arn }] });
    emulator.world.signatures.issue('.KTR~~exampleOpaqueBlob~~', 'gpt-5.6-sol', '');
    for (const name of ['request_minimal.json', 'request_gpt_replay.json']) {
      expect((await generate(emulator, account, account.newLogin(), fixture(name))).status).toBe(200);
    }
  });

  it('the RPC ones of Builder ID and API key are accepted, with an initial-response', async () => {
    await using emulator = await startEmulator();
    const builder = emulator.addAccount({ kind: 'builder-id' });
    const key = emulator.addAccount({ kind: 'api-key' });
    for (const [name, host, bearer] of [
      ['request_cli_rpc_builderid.json', 'runtime', builder.newLogin().accessToken],
      ['request_api_key.json', 'q', key.apiKey ?? ''],
    ] as const) {
      const recorded = fixture(name);
      const headers: Record<string, string> = { authorization: `Bearer ${bearer}` };
      for (const [header, value] of Object.entries(objectOf(objectOf(recorded['http'])['headers']))) {
        if (header !== 'authorization') headers[header] = stringOf(value);
      }
      const url = `${emulator.endpoints[host].replace('{region}', 'us-east-1')}/`;
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(recorded['body']) });
      const frames = decode(Buffer.from(await response.arrayBuffer()));
      expect(response.status).toBe(200);
      expect(frames[0]?.headers[':event-type']).toBe('initial-response');
      expect(frames.some((frame) => frame.headers[':event-type'] === 'metadataEvent')).toBe(host === 'runtime');
    }
  });
});

describe('recorded streams', () => {
  const names = [
    'text',
    'tool_call',
    'reasoning_claude',
    'reasoning_gpt',
    'throttled_midstream',
    'tool_truncated',
    'unknown_event',
  ];

  it.each(names)('%s: our encoder writes the recorded bytes', (name) => {
    const recorded = fixtureBytes(`stream_${name}.bin`);
    const ours = decode(recorded).map((frame) => encodeFrame(frame));
    expect(Buffer.concat(ours).equals(recorded)).toBe(true);
  });

  it('scripted bytes and events go out unchanged', async () => {
    await using emulator = await startEmulator();
    const account = emulator.addAccount({ kind: 'social' });
    const login = account.newLogin();
    const recorded = fixtureBytes('stream_text.bin');
    emulator.script([{ bytes: recorded }, { events: decode(recorded) }, { text: ['a', 'b'] }]);
    expect((await generate(emulator, account, login)).bytes.equals(recorded)).toBe(true);
    expect((await generate(emulator, account, login)).bytes.equals(recorded)).toBe(true);
    expect(spoken((await generate(emulator, account, login)).bytes)).toBe('ab');
    expect(spoken((await generate(emulator, account, login)).bytes)).toBe('hello');
  });
});

describe('accounting', () => {
  it('a repeated prefix costs less and counts as a hit; credits show in the usage', async () => {
    await using emulator = await startEmulator();
    const account = emulator.addAccount({ kind: 'social', used: 10 });
    const login = account.newLogin();
    const first = await generate(emulator, account, login);
    const again = await generate(emulator, account, login);
    const costs = [first, again].map(
      (reply) => decode(reply.bytes).find((frame) => 'usage' in frame.payload)?.payload['usage'],
    );
    expect(Number(costs[1])).toBeLessThan(Number(costs[0]));
    const statistics = emulator.statistics().accounts[account.id];
    expect(statistics?.prefixHits).toBe(1);
    expect(statistics?.generates).toBe(2);
    expect(account.usage.used).toBeCloseTo(10 + Number(costs[0]) + Number(costs[1]), 3);
  });

  it('402 when the credits are spent and overage is off', async () => {
    await using emulator = await startEmulator();
    const account = emulator.addAccount({ kind: 'social', used: 1000 });
    const login = account.newLogin();
    const refused = await generate(emulator, account, login);
    expect([refused.status, refused.body['reason']]).toEqual([402, 'MONTHLY_REQUEST_COUNT']);
    account.setOverage(true);
    expect((await generate(emulator, account, login)).status).toBe(200);
    account.setOverage(true, 0);
    expect((await generate(emulator, account, login)).body['reason']).toBe('OVERAGE_REQUEST_LIMIT_EXCEEDED');
  });

  it('a client that leaves is noticed', async () => {
    await using emulator = await startEmulator({ eventDelayMs: 20 });
    const account = emulator.addAccount({ kind: 'social' });
    const leaving = new AbortController();
    const response = await fetch(
      `${emulator.endpoints.runtime.replace('{region}', 'us-east-1')}/generateAssistantResponse`,
      {
        method: 'POST',
        headers: { authorization: `Bearer ${account.newLogin().accessToken}`, 'content-type': 'application/json' },
        body: JSON.stringify(minimal(account, { content: 'Stream 500 fragments' })),
        signal: leaving.signal,
      },
    );
    await response.body?.getReader().read();
    leaving.abort();
    await expect.poll(() => emulator.journal.at(-1)?.aborted).toBe(true);
  });
});
