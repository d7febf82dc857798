import { describe, expect, test } from 'vitest';
import { defaultBrain, faults, type Brain, type Turn } from '../emulator/emulator.ts';
import { accountsAsked } from '../real-clients/real-client.ts';
import { finish, twoAccounts } from '../real-clients/task.ts';
import { apis, model, program, startOpenCode, type OpenCode } from './open-code.ts';

/** Reads a file, edits it, runs a program: each waits for the one before it. */
const task = 'Read notes.txt and then replace milk with bread in notes.txt and then run wc -c notes.txt';

describe.skipIf(program === undefined).for(apis)('the real OpenCode over %s', { timeout: 180_000 }, (api) => {
  test('finishes a task of several tool calls', async () => {
    await using openCode = await startOpenCode(api);
    await finish(openCode, run);
    openCode.serving.checkNothingRefused();
    const last = JSON.stringify(worked(openCode).at(-1)?.body);
    expect(last).toContain('buy milk');
    expect(last).toContain('10 notes.txt');
  });

  test('finishes it when the account meets a rate limit in the middle: it is never told', async () => {
    await using openCode = await startOpenCode(api, {
      ...twoAccounts,
      brain: inTheMiddle(({ accountId }) => {
        const fault = faults.rateLimit;
        openCode.serving.emulator.inject({ on: 'generate', account: accountId, fault, times: 'always' });
      }),
    });
    await finish(openCode, run);
    expect(worked(openCode).map(({ status }) => status)).toEqual([200, 200, 429, 200, 200, 200]);
    expect(accountsAsked(openCode).size).toBe(2);
  });

  test('finishes it when a stream is cut in the middle: it asks again', async () => {
    await using openCode = await startOpenCode(api, {
      brain: inTheMiddle(() => {
        openCode.serving.emulator.inject({ on: 'generate', model, fault: { kind: 'reset', afterEvents: 5 } });
      }),
    });
    await finish(openCode, run);
    expect(worked(openCode).map(({ fault }) => fault)).toContain('reset');
  });

  test('compacts when the conversation is told to be too long in the middle, and finishes', async () => {
    await using openCode = await startOpenCode(api, {
      brain: inTheMiddle(() => {
        openCode.serving.emulator.inject({ on: 'generate', model, fault: faults.contextOverflow });
      }, goesOn),
    });
    // Its exit code tells that there was an error, also one that it went on after.
    const { output } = await openCode.run(run);
    expect(output).toContain('DONE');
    expect(await openCode.notes()).toBe('buy bread\n');
    expect(worked(openCode).map(({ status }) => status)).toEqual([200, 200, 400, 200, 200, 200, 200, 200]);
    expect(summarised(openCode)).toBe(true);
  });

  test('compacts in time, by how full the window is told to be, and finishes', async () => {
    const brain: Brain = (turn) =>
      turn.toolResults.length > 0 && !isAfterwards(turn)
        ? { ...goesOn(turn), contextUsagePercentage: 99 }
        : goesOn(turn);
    await using openCode = await startOpenCode(api, { brain });
    await finish(openCode, run);
    openCode.serving.checkNothingRefused();
    expect(summarised(openCode)).toBe(true);
  });
});

const run = ['run', '--auto', task];

/** What was asked of the model that works, without the titles. */
function worked({ serving }: OpenCode): ReturnType<OpenCode['serving']['turns']> {
  return serving.turns().filter((turn) => turn.model === model);
}

/** A model that lets something happen once, when it has got the first results of tools. */
function inTheMiddle(happen: (turn: Turn) => void, brain: Brain = defaultBrain): Brain {
  let hasHappened = false;
  return (turn) => {
    if (!hasHappened && turn.toolResults.length > 0) {
      hasHappened = true;
      happen(turn);
    }
    return brain(turn);
  };
}

/** What is left to do, as the model sums it up. */
const summary = 'Replace milk with bread in notes.txt and then run wc -c notes.txt';

/** How OpenCode has a model go on after it has compacted. */
const goOn = 'Continue if you have next steps';

/** A model that sums up what is left to do when asked without tools, and then does it when told to go on. */
const goesOn: Brain = (turn) => {
  if (turn.model === model && turn.tools.length === 0) return { text: summary };
  const read = <T extends { readonly text: string }>(said: T): T =>
    said.text.includes(goOn) ? { ...said, text: summary } : said;
  return defaultBrain({ ...read(turn), history: turn.history.map(read) });
};

function isAfterwards({ text, history }: Turn): boolean {
  return text.includes(goOn) || history.some((past) => past.text.includes(goOn));
}

/** Whether it asked for a summary, and went on with it. */
function summarised(openCode: OpenCode): boolean {
  const bodies = worked(openCode).map(({ body }) => JSON.stringify(body));
  const asked = bodies.findIndex((body) => !body.includes('"toolSpecification"'));
  const next = bodies[asked + 1];
  return asked > 0 && next?.includes(summary) === true && next.includes(goOn);
}
