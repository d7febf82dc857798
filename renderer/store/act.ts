import { useCallback, useState } from 'preact/hooks';
import type { Input, Output, Reply, ScreenContract } from '../../app/contract.ts';
import { ask } from './ask.ts';
import { toast } from './toasts.ts';

/** Does something, and tells when it failed; `done` is told when it did not. */
export async function act<Q extends keyof ScreenContract>(
  question: Q,
  input: Input<ScreenContract, Q>,
  done?: string,
): Promise<Reply<Output<ScreenContract, Q>>> {
  const reply = await ask(question, input);
  if (!reply.ok) toast({ tone: 'bad', text: reply.error.message, detail: reply.error.hint });
  else if (done !== undefined) toast({ tone: 'good', text: done });
  return reply;
}

/** `act` for a button: whether it is under way, and a function that begins it unless it is. */
export function useAct<Q extends keyof ScreenContract>(
  question: Q,
): readonly [
  isBusy: boolean,
  run: (input: Input<ScreenContract, Q>, done?: string) => Promise<Reply<Output<ScreenContract, Q>> | undefined>,
] {
  const [isBusy, setBusy] = useState(false);
  const run = useCallback(
    async (input: Input<ScreenContract, Q>, done?: string) => {
      if (isBusy) return undefined;
      setBusy(true);
      const reply = await act(question, input, done);
      setBusy(false);
      return reply;
    },
    [question, isBusy],
  );
  return [isBusy, run];
}
