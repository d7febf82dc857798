import { crc32 } from '@aws-crypto/crc32';
import * as fc from 'fast-check';
import { EventStreamDecoder, EventStreamError } from '../../../app/kiro/event-stream.ts';
import { drawn } from '../drawn.ts';
import { mustHold, type Target } from '../target.ts';

/** The beginnings of frames that say they are long (protocol §5.2). */
export const declaredLengths: Target = {
  name: 'declared-lengths',
  promise:
    'However long a frame says it is, what is held for it are the bytes that came: nothing is allocated on its word.',
  inputs: 200_000,
  seeds: () => [begun({ length: 2 ** 24, headers: 100, isSealed: true, rest: Buffer.alloc(20) })],
  make: (random) => begun(drawn(beginning, random)),
  check(input, random) {
    const { arrayBuffers: before } = process.memoryUsage();
    const step = 1 + random.below(input.length + 1);
    const outcomes = Array.from({ length: decoders }, () => given(input, step));
    const { arrayBuffers: after } = process.memoryUsage();
    mustHold(after - before < slack, `${decoders} × ${input.length} bytes made it hold ${after - before}`);
    return outcomes.at(0)?.outcome ?? '';
  },
};

/** As many connections at a time: one frame of 16 MiB among them would be seen. */
const decoders = 8;
const slack = 1024 * 1024;

/** The decoder comes back, so that it lives while memory is measured. */
function given(input: Buffer, step: number): { decoder: EventStreamDecoder; outcome: string } {
  const decoder = new EventStreamDecoder();
  try {
    for (let at = 0; at < input.length; at += step) decoder.push(input.subarray(at, at + step), () => undefined);
    return { decoder, outcome: 'waits for more' };
  } catch (error) {
    if (error instanceof EventStreamError) return { decoder, outcome: error.code };
    throw error;
  }
}

const length = fc.oneof(
  fc.constantFrom(0, 15, 16, 17, 2 ** 17, 2 ** 17 + 17, 2 ** 24, 2 ** 24 + 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1),
  fc.nat(2 ** 24),
  fc.nat(2 ** 31 - 1).map((half) => half * 2),
);
const beginning = fc.record({
  length,
  headers: fc.oneof({ weight: 2, arbitrary: fc.nat(200) }, { weight: 1, arbitrary: length }),
  isSealed: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  rest: fc.uint8Array({ maxLength: 100 }),
});

function begun({ length, headers, isSealed, rest }: Beginning): Buffer {
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(length, 0);
  prelude.writeUInt32BE(headers, 4);
  prelude.writeUInt32BE(isSealed ? crc32(prelude.subarray(0, 8)) : 0, 8);
  return Buffer.concat([prelude, rest]);
}

type Beginning = typeof beginning extends fc.Arbitrary<infer Value> ? Value : never;
