import { CodeWhispererStreamingClient, GenerateAssistantResponseCommand } from '@aws/codewhisperer-streaming-client';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createPayload } from '../../app/kiro/payload.ts';
import { conversation } from './conversations.ts';

const client = new CodeWhispererStreamingClient({ region: 'us-east-1', token: { token: 't' }, maxAttempts: 1 });
let sent: unknown;
/** Takes the request where it would leave for the network. */
client.middlewareStack.add(
  () => (args) => {
    const request: object = Object(args.request);
    sent = 'body' in request ? request.body : undefined;
    return Promise.reject(new Error('kept here'));
  },
  { step: 'deserialize', priority: 'low', name: 'keep' },
);

it('500 payloads leave the official client as they leave us', async () => {
  const arn = 'arn:aws:codewhisperer:us-east-1:123456789012:profile/ABC';
  for (const asked of fc.sample(conversation, 500)) {
    // A blob without text has no place in the official client; kept apart in payload.test.ts (protocol §0.2b).
    const turns = asked.turns.map((turn) =>
      turn.role === 'user' || turn.reasoning?.type !== 'opaque'
        ? turn
        : { role: turn.role, text: turn.text, toolCalls: turn.toolCalls },
    );
    const payload = createPayload(
      { ...asked, turns },
      { modelId: 'm', model: undefined, conversationId: 'c', continuationId: 'a' },
    );
    const body = [...payload.parts({ origin: 'AI_EDITOR', profileArn: arn })].join('');
    // The client takes bytes where JSON has base64.
    const input = JSON.parse(body, (key, value: unknown) =>
      (key === 'bytes' || key === 'redactedContent') && typeof value === 'string'
        ? Buffer.from(value, 'base64')
        : value,
    );
    await client.send(new GenerateAssistantResponseCommand(input)).catch((error: Error) => {
      if (error.message !== 'kept here') throw error;
    });
    expect(JSON.parse(Buffer.from(String(sent)).toString('utf8'))).toEqual(JSON.parse(body));
  }
});
