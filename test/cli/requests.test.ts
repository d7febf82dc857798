import { expect, it } from 'vitest';
import { command } from '../support/command.ts';
import { startForm } from '../support/form.ts';

it('requests --why tells each request by the id that its answer had, and each account by one that commands take', async () => {
  await using started = await startForm('serving');
  const run = (line: string): ReturnType<typeof command> => command(started.env, ...line.split(' '));
  const { url } = started.rig.engine.status();
  const key = (await run('key show')).out.trim();
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'claude-sonnet-5', messages: [{ role: 'user', content: 'Hello' }] }),
  });
  await answer.text();
  const { out } = await run('requests --why');
  expect(out).toMatch(new RegExp(`claude-sonnet-5 {2}${answer.headers.get('x-request-id')}\\n {2}→ acc_\\w+ {2}me@`));
  const account = /acc_\w+/.exec(out)?.[0];
  expect(await run(`accounts pause ${account}`)).toMatchObject({ code: 0, out: expect.stringContaining('disabled') });
  // One that is gone keeps its id in the history.
  await run(`accounts remove ${account}`);
  expect((await run('requests --why')).out).toContain(`→ ${account}: `);
  expect((await run('usage')).out).toMatch(/no account yet[\s\S]*claude-sonnet-5/);
});

it('times are of the clock on the wall', async () => {
  await using started = await startForm('idle');
  const [created] = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/.exec((await command(started.env, 'key', 'list')).out) ?? [''];
  // A time without a zone is read as a local one.
  const { createdAt } = started.rig.engine.parts.keys.list()[0] ?? { createdAt: NaN };
  expect(new Date(created.replace(' ', 'T')).getTime()).toBe(Math.floor(createdAt / 1000) * 1000);
});
