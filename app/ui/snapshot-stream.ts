import type { ServerResponse } from 'node:http';
import type { Snapshot } from '../contract.ts';
import type { Live } from '../live.ts';
import type { After } from '../timer.ts';

export interface SnapshotStreamPorts {
  readonly live: Live;
  readonly after: After;
}

/** Something on the line tells both ends that the other is there. */
const keepAliveMs = 15_000;

/**
 * Sends snapshots to one browser as server-sent events until either side ends it: the present one at once, then each as it
 * comes. A browser that does not keep up gets the newest when it has caught up, and none in between.
 */
export function streamSnapshots(response: ServerResponse, { live, after }: SnapshotStreamPorts): Disposable {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
  let isFull = false;
  let newest: Snapshot | undefined;
  const send = (snapshot: Snapshot): void => {
    if (isFull) newest = snapshot;
    else isFull = !response.write(`event: snapshot\ndata: ${JSON.stringify(snapshot)}\n\n`);
  };
  const onDrain = (): void => {
    isFull = false;
    const waiting = newest;
    newest = undefined;
    if (waiting) send(waiting);
  };
  const beat = (): void => {
    if (!isFull) isFull = !response.write(':\n\n');
    callOff = after(keepAliveMs, beat);
  };
  let callOff = after(keepAliveMs, beat);
  const subscription = live.subscribe(send);
  const end = (): void => {
    subscription[Symbol.dispose]();
    callOff();
    response.off('drain', onDrain);
  };
  response.on('drain', onDrain);
  response.once('close', end);
  return {
    [Symbol.dispose]() {
      end();
      response.end();
    },
  };
}
