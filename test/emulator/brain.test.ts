import { describe, expect, it } from 'vitest';
import { defaultBrain } from './brain.ts';
import type { Answer, OfferedTool, PastTurn, Turn } from './brain-types.ts';

const tool = (name: string, properties: Record<string, string>, required = Object.keys(properties)): OfferedTool => ({
  name,
  description: `The ${name} tool`,
  schema: {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(properties).map(([key, description]) => [key, { type: 'string', description }]),
    ),
    required,
  },
});

const TOOLS = [
  tool('read', { filePath: 'The absolute path to the file' }),
  tool('write', { filePath: 'The absolute path', content: 'The content' }),
  tool('edit', { filePath: 'The absolute path', oldString: 'Old', newString: 'New' }),
  tool('bash', { command: 'The command', description: 'What it does' }),
];

function turn(text: string, history: readonly PastTurn[] = [], more: Partial<Turn> = {}): Turn {
  const base = { model: 'auto', accountId: 'a', conversationId: null, imageCount: 0, isThinking: false };
  return { ...base, text, toolResults: [], tools: TOOLS, history, ...more };
}

/** Plays a whole conversation and returns the calls of every turn and the last text. */
function play(prompt: string): { calls: object[][]; text: unknown } {
  const calls: object[][] = [];
  const history: PastTurn[] = [];
  let current = turn(prompt);
  for (let count = 0; count < 10; count += 1) {
    const answer: Answer = defaultBrain(current);
    if (answer.toolCalls === undefined) return { calls, text: answer.text };
    calls.push(answer.toolCalls.map(({ name, input }) => ({ name, ...input })));
    const toolUses = answer.toolCalls.map((call, index) => ({ ...call, toolUseId: `t${count}-${index}` }));
    history.push({ role: 'user', text: current.text, toolResults: current.toolResults });
    history.push({ role: 'assistant', text: '', toolUses });
    const toolResults = toolUses.map(({ toolUseId }) => ({ toolUseId, text: 'ok', status: 'success' }));
    current = turn('', [...history], { toolResults });
  }
  throw new Error('the conversation does not end');
}

describe('the default brain', () => {
  it('follows a chain, one round per turn, and joins relative names to the working directory', () => {
    const system = 'You are helpful. Read the docs.\n\n<env>\nWorking directory: /projects/x\n</env>\n\n';
    const prompt = `${system}Create the file a.txt containing exactly hello world and then Replace hello with bye in a.txt and then Run ls -l`;
    const { calls, text } = play(prompt);
    expect(calls).toEqual([
      [{ name: 'write', filePath: '/projects/x/a.txt', content: 'hello world' }],
      [{ name: 'read', filePath: '/projects/x/a.txt' }],
      [{ name: 'edit', filePath: '/projects/x/a.txt', oldString: 'hello', newString: 'bye' }],
      [{ name: 'bash', command: 'ls -l', description: expect.any(String) }],
    ]);
    expect(text).toBe('DONE');
  });

  it('calls in parallel what is joined by "and at once"', () => {
    expect(play('"Read /a.txt and at once Read /b.txt and then Say exactly fine"')).toEqual({
      calls: [
        [
          { name: 'read', filePath: '/a.txt' },
          { name: 'read', filePath: '/b.txt' },
        ],
      ],
      text: 'fine',
    });
  });

  it('titles, small talk, and reasoning when asked', () => {
    expect(defaultBrain(turn('Generate a title for this', [], { tools: [] })).text).toMatch(/^.{5,50}$/);
    expect(defaultBrain(turn('Good morning')).toolCalls).toBeUndefined();
    expect(defaultBrain(turn('Good morning', [], { isThinking: true })).reasoning).toBeTypeOf('string');
  });

  it('does not repeat an old directive after a new question', () => {
    const history: PastTurn[] = [
      { role: 'user', text: 'Read /a.txt', toolResults: [] },
      { role: 'assistant', text: 'DONE', toolUses: [] },
    ];
    expect(defaultBrain(turn('Thanks!', history)).toolCalls).toBeUndefined();
  });
});
