import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { faults } from '../emulator/emulator.ts';
import { interruptAnswer } from '../real-clients/interruptible.ts';
import { jsonLines } from '../real-clients/json-lines.ts';
import { drawPicture } from '../real-clients/picture-file.ts';
import { apis, model, program, startOpenCode } from './open-code.ts';

describe.skipIf(program === undefined).for(apis)('the real OpenCode over %s', { timeout: 180_000 }, (api) => {
  test('calls two tools at once, shows reasoning and replays it, and counts tokens', async () => {
    await using openCode = await startOpenCode(api);
    const asked =
      'Create the file a.txt containing exactly one and at once create the file b.txt containing exactly two';
    const done = await openCode.run(['run', '--auto', '--format', 'json', '--thinking', '--variant', 'high', asked]);
    expect(done.code).toBe(0);
    const { serving, project } = openCode;
    serving.checkNothingRefused();
    expect(await readFile(join(project, 'a.txt'), 'utf8')).toBe('one');
    expect(await readFile(join(project, 'b.txt'), 'utf8')).toBe('two');
    const [calling, telling] = serving.turns().filter((turn) => turn.model === model);
    expect(calling?.body).toMatchObject({ additionalModelRequestFields: { output_config: expect.anything() } });
    // The strict emulator checks the signature against text and model.
    expect(JSON.stringify(telling?.body)).toContain('"reasoningText":{"text":"The user wrote');
    const parts = jsonLines(event, done.output).map(({ part }) => part);
    const thoughts = parts.filter(({ type }) => type === 'reasoning').map(({ text }) => text);
    expect(thoughts).toEqual(Array(2).fill(expect.stringMatching(/^The user wrote .* 🤔$/)));
    const totals = parts.filter(({ type }) => type === 'step-finish').map(({ tokens }) => tokens?.total ?? 0);
    expect(Math.min(...totals)).toBeGreaterThan(1_000);
  });

  test('sends a picture', async () => {
    await using openCode = await startOpenCode(api);
    const done = await openCode.run(['run', '--auto', 'What is this?', '-f', await drawPicture(openCode)]);
    expect(done).toMatchObject({ code: 0, output: expect.stringContaining('I received 1 image(s)') });
    openCode.serving.checkNothingRefused();
  });

  test('shows an error that is final, and does not ask again', async () => {
    await using openCode = await startOpenCode(api);
    const { emulator } = openCode.serving;
    const refused = emulator.inject({ on: 'generate', model, fault: faults.bodyInvalid, times: 'always' });
    const done = await openCode.run(['run', '--auto', 'Say exactly hello']);
    expect(done).toMatchObject({ code: 1, output: expect.stringContaining('Kiro refused the request') });
    expect(refused.hits).toBe(1);
  });

  test('leaves Kiro when its user leaves', async () => {
    await using openCode = await startOpenCode(api);
    const leaving = interruptAnswer(openCode, (prompt) => ['run', '--auto', prompt]);
    await expect(leaving).resolves.toBeUndefined();
  });
});

/** A line of `--format json`, as far as it is looked at. */
const event = v.object({
  part: v.object({
    type: v.string(),
    text: v.optional(v.string()),
    tokens: v.optional(v.object({ total: v.number() })),
  }),
});
