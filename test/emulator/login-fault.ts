import type { Exchange } from './exchange.ts';
import { faultRefusal } from './faults.ts';
import { rest, untilAborted } from './stream-writer.ts';
import type { World } from './world.ts';

/** Lets a `login` fault act on a step of a device login. Returns true when it used up the request. */
export async function takeLoginFault(exchange: Exchange, world: World): Promise<boolean> {
  const fault = world.faults.take({ on: 'login' });
  if (
    await exchange.suffer(fault, async (ms) =>
      ms === undefined ? untilAborted(exchange.signal) : rest(ms, exchange.signal),
    )
  )
    return true;
  const refusal = fault === undefined ? undefined : faultRefusal(fault);
  if (refusal !== undefined) throw refusal;
  return false;
}
