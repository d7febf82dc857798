import assert from 'node:assert/strict';
import * as v from 'valibot';
import type { Engine } from '../../../app/engine.ts';
import { command } from '../../support/command.ts';

/** What a person has in the pool. */
export type Belongings = v.InferOutput<typeof belongings>;
export type Belonging = keyof Belongings;

const belongings = v.object({
  logins: v.array(v.object({ id: v.string(), email: v.nullable(v.string()) })),
  key: v.string(),
  settings: v.array(v.object({ key: v.string(), value: v.nullish(v.unknown()) })),
  /** Of the history, the newest first. */
  requests: v.array(v.object({ id: v.string(), outcome: v.string() })),
});

/** Looks into an engine of this process. */
export async function belongingsIn({ handlers }: Engine): Promise<Belongings> {
  return v.parse(belongings, {
    logins: await handlers['accounts.list']({}),
    key: (await handlers['keys.show']({ name: 'default' })).key,
    settings: await handlers['settings.list']({}),
    requests: await handlers.requests({ last: 2000 }),
  });
}

/** Looks into a data folder as a person does: by commands, whoever owns it. */
export async function belongingsBy(env: Readonly<Record<string, string | undefined>>): Promise<Belongings> {
  const json = async (...args: string[]): Promise<unknown> => {
    const ran = await command(env, ...args, '--json');
    assert.equal(ran.code, 0, ran.err);
    return ran.json();
  };
  return v.parse(belongings, {
    logins: await json('accounts', 'list'),
    key: (await command(env, 'key', 'show')).out.trim(),
    settings: await json('settings', 'list'),
    requests: await json('requests', '--last', '2000'),
  });
}

/**
 * Compares what there is with what there was. The history may have grown.
 * @param lost what the promise gives up
 * @returns in words what is still there
 */
export function compare(before: Belongings, after: Belongings, lost: readonly Belonging[] = []): string {
  const known = new Set(before.requests.map(({ id }) => id));
  const same = { ...after, requests: after.requests.filter(({ id }) => known.has(id)) };
  const kept = v.keyof(belongings).options.filter((each) => !lost.includes(each));
  for (const each of kept) assert.deepEqual(same[each], before[each], `of the ${words[each]} something is missing`);
  return kept.map((each) => words[each]).join(', ');
}

const words: Readonly<Record<Belonging, string>> = {
  logins: 'logins',
  key: 'local key',
  settings: 'settings',
  requests: 'history',
};
