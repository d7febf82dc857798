import { CodeWhispererStreamingClient } from '@aws/codewhisperer-streaming-client';

/** An event as the official client sees it. */
export interface SdkEvent {
  readonly type: string;
  readonly payload: Uint8Array;
}

const { eventStreamMarshaller } = new CodeWhispererStreamingClient({ region: 'us-east-1' }).config;

/**
 * Reads an event stream with the reader that is in AWS's own client, which shares nothing with ours: the second oracle. It takes what is
 * sound and holds events alone; at anything else it throws, or reads on where we do not.
 */
export async function readWithSdk(pieces: readonly Buffer[]): Promise<SdkEvent[]> {
  const events: SdkEvent[] = [];
  const read = eventStreamMarshaller.deserialize(stream(pieces), async (input) => Object.entries(input));
  for await (const entries of read) for (const [type, { body }] of entries) events.push({ type, payload: body });
  return events;
}

async function* stream(pieces: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* pieces;
}
