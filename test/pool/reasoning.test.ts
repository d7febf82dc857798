import { describe, expect, it } from 'vitest';
import type { AssistantTurn, Tool, ToolCall, Turn } from '../../app/conversation/conversation.ts';
import { ReasoningMemory } from '../../app/conversation/reasoning-memory.ts';
import { faults, type Brain } from '../emulator/emulator.ts';
import { ask, conversation, startRig, textOf, user, type Outcome, type Rig } from '../support/engine.ts';

const thinker: Brain = ({ toolResults, text, history }) => {
  const reasoning = `I was asked "${text}" after ${history.length} turns – 🤔 \u00a0let me see.\n\n`;
  if (toolResults.length > 0 || !text.includes('look')) return { reasoning, text: ` I know it (${history.length}).\n` };
  return { reasoning, text: 'Let me look.', toolCalls: [{ name: 'look', input: { at: 'it' } }] };
};

const look: Tool = {
  name: 'look',
  description: 'Looks at something',
  inputSchema: { type: 'object', properties: { at: { type: 'string' } } },
};

/** The answer as a client sends it back: without any reasoning, with its text trimmed. */
function sentBack({ events }: Outcome): AssistantTurn {
  const toolCalls = events.flatMap((event): ToolCall[] =>
    event.type === 'tool-start' ? [{ id: event.id, name: event.name, input: { at: 'it' } }] : [],
  );
  return { role: 'assistant', text: textOf({ events }).trim(), toolCalls };
}

function resultsOf(turn: AssistantTurn): Turn {
  return {
    role: 'user',
    parts: turn.toolCalls.map(({ id }) => ({
      type: 'tool-result',
      callId: id,
      text: 'seen',
      images: [],
      isError: false,
    })),
  };
}

/** Reasoning that reached the emulator with the last send, one for each assistant turn. */
function replayed({ emulator }: Rig): string[] {
  const sent = emulator.journal.findLast(({ operation }) => operation === 'GenerateAssistantResponse');
  return [...JSON.stringify(sent?.body ?? '').matchAll(/"reasoningContent"/g)].map(([found]) => found);
}

/** Three questions, the first two with a tool call in between. */
async function talk(rig: Rig, model: string): Promise<{ turns: Turn[]; outcomes: Outcome[] }> {
  const turns: Turn[] = [];
  const outcomes: Outcome[] = [];
  const step = async (...more: Turn[]): Promise<AssistantTurn> => {
    turns.push(...more);
    const outcome = await ask(rig, conversation({ model, turns, tools: [look], effort: 'high' }));
    outcomes.push(outcome);
    const answer = sentBack(outcome);
    turns.push(answer);
    return answer;
  };
  for (const question of ['look once', 'look twice']) {
    const call = await step(user(question));
    await step(resultsOf(call));
  }
  await step(user('and now?'));
  return { turns, outcomes };
}

describe('reasoning that the client never sends back', () => {
  it.each(['claude-sonnet-5', 'claude-opus-4.6', 'gpt-5.6-sol'])(
    'is replayed verbatim with its turns: %s',
    async (model) => {
      await using rig = await startRig({ brain: thinker, chunking: 'awkward' });
      await rig.add({ kind: 'social', plan: 'power' });
      const { outcomes } = await talk(rig, model);
      expect(outcomes.map(({ error }) => error)).toEqual(outcomes.map(() => undefined));
      // One send each: the emulator refuses a signature that it does not know, or whose text was altered.
      expect(outcomes.map(({ trace }) => trace.sends)).toEqual([1, 1, 1, 1, 1]);
      expect(replayed(rig)).toHaveLength(4);
    },
  );

  it('goes along when the account changes', async () => {
    await using rig = await startRig({ brain: thinker });
    await rig.add({ kind: 'social', id: 'first' }, { kind: 'social', id: 'second' });
    const { turns } = await talk(rig, 'claude-sonnet-5');
    rig.emulator.inject({ on: 'generate', account: 'first', times: 'always', fault: faults.rateLimit });
    const next = [...turns, user('still there?')];
    const outcome = await ask(rig, conversation({ turns: next, tools: [look], effort: 'high' }));
    expect(outcome.trace).toMatchObject({ sends: 2, account: { label: 'second@example.com' } });
    expect(replayed(rig)).toHaveLength(5);
  });

  it('never goes to another model', async () => {
    await using rig = await startRig({ brain: thinker });
    await rig.add({ kind: 'social', plan: 'power' });
    const { turns } = await talk(rig, 'claude-sonnet-5');
    for (const model of ['claude-opus-4.6', 'gpt-5.6-sol']) {
      const outcome = await ask(
        rig,
        conversation({ model, turns: [...turns, user('you?')], tools: [look], effort: 'high' }),
      );
      expect(outcome.trace.sends).toBe(1);
      expect(replayed(rig)).toHaveLength(0);
    }
  });

  it('is left out once Kiro does not take it, and the request is served all the same', async () => {
    await using rig = await startRig({ brain: thinker });
    await rig.add({ kind: 'social' });
    const { turns } = await talk(rig, 'claude-sonnet-5');
    rig.emulator.inject({ on: 'generate', fault: faults.invalidSignature });
    const wanted = conversation({ turns: [...turns, user('once more')], tools: [look], effort: 'high' });
    expect((await ask(rig, wanted)).trace.sends).toBe(2);
    expect(replayed(rig)).toHaveLength(0);
    rig.emulator.inject({ on: 'generate', times: 'always', fault: faults.invalidSignature });
    expect(await ask(rig, wanted)).toMatchObject({ error: { code: 'refused' }, trace: { sends: 2 } });
  });

  it('is not replayed with an answer that the client has changed', async () => {
    await using rig = await startRig({ brain: thinker });
    await rig.add({ kind: 'social' });
    const first = await ask(rig, conversation({ turns: [user('one')], effort: 'high' }));
    const changed: AssistantTurn = { ...sentBack(first), text: 'Something else.' };
    await ask(rig, conversation({ turns: [user('one'), changed, user('two')], effort: 'high' }));
    expect(replayed(rig)).toHaveLength(0);
    await ask(rig, conversation({ turns: [user('one'), sentBack(first), user('two')], effort: 'high' }));
    expect(replayed(rig)).toHaveLength(1);
  });

  it('that is forgotten when the process ends costs no answer', async () => {
    await using rig = await startRig({ brain: thinker });
    await rig.add({ kind: 'social' });
    const { turns } = await talk(rig, 'claude-sonnet-5');
    await rig.restart();
    const outcome = await ask(rig, conversation({ turns: [...turns, user('you?')], tools: [look], effort: 'high' }));
    expect(outcome).toMatchObject({ error: undefined, trace: { sends: 1 } });
    expect(replayed(rig)).toHaveLength(0);
  });

  it('is kept within bounds: what was used longest ago goes first', () => {
    const memory = new ReasoningMemory(100);
    const answer = (id: string): AssistantTurn => ({
      role: 'assistant',
      text: '',
      toolCalls: [{ id, name: 'look', input: {} }],
    });
    const isKnown = (id: string): boolean => {
      const [turn] = memory.recall(conversation({ turns: [answer(id)] }), 'm').turns;
      return turn?.role === 'assistant' && turn.reasoning !== undefined;
    };
    const remember = (id: string, bytes: number): void =>
      memory.remember('m', [], { callIds: [id], textDigest: '' }, { type: 'opaque', signature: 'x'.repeat(bytes) });
    remember('first', 40);
    remember('second', 40);
    expect(isKnown('first')).toBe(true);
    remember('third', 40);
    expect([isKnown('first'), isKnown('second'), isKnown('third')]).toEqual([true, false, true]);
    remember('giant', 1000);
    expect(isKnown('giant')).toBe(false);
  });
});
