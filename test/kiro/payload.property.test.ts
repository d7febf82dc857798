import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Conversation, Turn } from '../../app/conversation/conversation.ts';
import { parseModelsPage } from '../../app/kiro/models.ts';
import { createPayload, type Payload } from '../../app/kiro/payload.ts';
import { startEmulator, type Emulator } from '../emulator/emulator.ts';
import { conversation, turns } from './conversations.ts';
import { brokenRules, list, record } from './rules.ts';

const model = parseModelsPage(
  JSON.parse(readFileSync(new URL('../fixtures/list_available_models.json', import.meta.url), 'utf8')),
).models.find(({ id }) => id === 'claude-opus-5');

function payloadOf(asked: Conversation): Payload {
  return createPayload(asked, {
    modelId: 'claude-opus-5',
    model,
    conversationId: 'conversation',
    continuationId: 'continuation',
    ...(asked.effort === undefined ? {} : { effort: asked.effort }),
  });
}

const bodyOf = (asked: Conversation, profileArn?: string): string =>
  [...payloadOf(asked).parts({ origin: 'AI_EDITOR', profileArn })].join('');

/** Every text of a conversation that says something, as it looks in JSON. */
function words({ turns }: Conversation): string[] {
  const texts = turns.flatMap((turn) =>
    turn.role === 'assistant' ? [turn.text] : turn.parts.flatMap((part) => ('text' in part ? [part.text] : [])),
  );
  return texts.filter((text) => text.trim() !== '').map((text) => JSON.stringify(text.toWellFormed()).slice(1, -1));
}

it('10,000 conversations of any shape break no rule of Kiro, and lose no word', () => {
  let runs = 0;
  fc.assert(
    fc.property(conversation, (asked) => {
      runs += 1;
      const body = bodyOf(asked);
      const broken = brokenRules(JSON.parse(body));
      expect(broken).toEqual([]);
      const lost = words(asked).filter((word) => !body.includes(word));
      expect(lost).toEqual([]);
    }),
    { numRuns: 10_000 },
  );
  expect(runs).toBe(10_000);
}, 60_000);

it('what was sent once is the same bytes in every later turn', () => {
  fc.assert(
    fc.property(conversation, turns, fc.string({ minLength: 1 }), (asked, more, next) => {
      // A turn ends with the user; pictures beyond the limit are the one thing that may change what is past.
      const withoutImages = (list: readonly Turn[]): Turn[] =>
        list.map((turn) =>
          turn.role === 'assistant'
            ? turn
            : {
                ...turn,
                parts: turn.parts
                  .filter((part) => part.type !== 'image')
                  .map((part) => (part.type === 'tool-result' ? { ...part, images: [] } : part)),
              },
        );
      const now: Turn[] = [
        ...withoutImages(asked.turns),
        { role: 'user', parts: [{ type: 'text', text: `a${next}` }] },
      ];
      const answer: Turn = {
        role: 'assistant',
        text: 'Answer.',
        toolCalls: [],
        reasoning: { type: 'signed', text: 'r', signature: 's' },
      };
      const later: Turn[] = [
        ...now,
        answer,
        ...withoutImages(more),
        { role: 'user', parts: [{ type: 'text', text: next }] },
      ];
      const before = history(bodyOf({ ...asked, turns: now }));
      const after = history(bodyOf({ ...asked, turns: later }));
      expect(after.slice(0, before.length)).toEqual(before);
    }),
    { numRuns: 1000 },
  );
});

/** Each message of the history as its bytes. */
function history(body: string): string[] {
  const state = record(record(JSON.parse(body))['conversationState']);
  return list(state['history'] ?? []).map((message) => JSON.stringify(message));
}

it('names of tools come back as they went, no two of them the same', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.oneof(fc.string({ maxLength: 100 }), fc.constantFrom('a b', '__proto__')), { maxLength: 20 }),
      (names) => {
        const { toolNames } = payloadOf({
          model: 'm',
          system: '',
          turns: [],
          tools: [],
          toolChoice: { type: 'auto' },
          responseFormat: { type: 'text' },
          stop: [],
        });
        // What a name is shortened to may itself be a tool's name.
        const first = names.map((name) => toolNames.toWire(name));
        const all = [...new Set([...names, ...first])];
        const wires = all.map((name) => toolNames.toWire(name));
        expect(new Set(wires).size).toBe(all.length);
        expect(wires.map((wire) => toolNames.toClient(wire))).toEqual(all);
      },
    ),
  );
});

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ chunking: 'whole', brain: () => ({ text: 'ok' }) });
});
afterAll(() => emulator.close());

it('500 of them are taken by the strict emulator', async () => {
  const account = emulator.addAccount({ kind: 'social', plan: 'pro', limit: 1_000_000 });
  const { accessToken } = account.newLogin();
  const url = `${emulator.endpoints.runtime.replace('{region}', 'us-east-1')}/generateAssistantResponse`;
  // Signatures that the emulator did not issue are refused by it, rightly.
  const sample = fc.sample(conversation, 500).map((asked) => ({
    ...asked,
    turns: asked.turns.map((turn): Turn =>
      turn.role === 'user' ? turn : { role: 'assistant', text: turn.text, toolCalls: turn.toolCalls },
    ),
  }));
  for (const asked of sample) {
    const body = bodyOf(asked, account.profileArn);
    const answer = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
      body,
    });
    await answer.arrayBuffer();
    expect([answer.status, emulator.journal.at(-1)?.detail]).toEqual([200, undefined]);
  }
  expect(sample).toHaveLength(500);
});
