import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Input, Output, Reply, ScreenContract } from '../../app/contract.ts';
import { bridge } from '../bridge/bridge.ts';
import type { Failure } from '../bridge/screen-bridge.ts';
import { words } from '../messages/words.ts';
import { noteLink } from './pool.ts';

/**
 * Asks the engine or the shell. Never throws: what the bridge itself could not do is a failure like any other, and is noted
 * for the banner that says so.
 */
export async function ask<Q extends keyof ScreenContract>(
  question: Q,
  input: Input<ScreenContract, Q>,
): Promise<Reply<Output<ScreenContract, Q>>> {
  try {
    const reply = await bridge.ask(question, input);
    noteLink(reply.ok || reply.error.code !== 'unreachable' ? 'connected' : 'lost');
    return reply;
  } catch {
    noteLink('lost');
    return { ok: false, error: { code: 'unreachable', ...words.failures.unreachable } };
  }
}

export type Asked<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: T; readonly isRefreshing: boolean }
  /** `value` is what was known before. */
  | { readonly state: 'failed'; readonly error: Failure; readonly value: T | undefined };

/**
 * What a question answers, asked when the screen opens and again when its input or `refreshOn` changes. An older answer stays
 * on screen while a newer one is under way.
 * @returns the answer, and a function that asks again
 */
export function useAsk<Q extends keyof ScreenContract>(
  question: Q,
  input: Input<ScreenContract, Q>,
  refreshOn?: unknown,
): readonly [Asked<Output<ScreenContract, Q>>, () => void] {
  const [asked, setAsked] = useState<Asked<Output<ScreenContract, Q>>>({ state: 'loading' });
  const newest = useRef(0);
  const key = JSON.stringify(input);
  const inputRef = useRef(input);
  inputRef.current = input;

  const load = useCallback(() => {
    void answer();

    async function answer(): Promise<void> {
      newest.current += 1;
      const turn = newest.current;
      setAsked((before) => {
        if (before.state === 'failed' && before.value === undefined) return { state: 'loading' };
        return before.state === 'ready' ? { ...before, isRefreshing: true } : before;
      });
      const reply = await ask(question, inputRef.current);
      if (turn !== newest.current) return;
      setAsked((before) => {
        if (reply.ok) return { state: 'ready', value: reply.result, isRefreshing: false };
        return { state: 'failed', error: reply.error, value: before.state === 'loading' ? undefined : before.value };
      });
    }
  }, [question]);

  useEffect(load, [load, key, refreshOn]);
  return [asked, load];
}
