import * as fc from 'fast-check';
import type { ReasoningProof } from '../../../app/conversation/conversation.ts';
import type { EndReason, TurnEvent } from '../../../app/conversation/turn-event.ts';
import { call, end } from '../../conversation/samples.ts';

const words = fc.string({ unit: 'binary', maxLength: 12 });

const anyProof: fc.Arbitrary<ReasoningProof> = fc.oneof(
  words.map((text): ReasoningProof => ({ type: 'signed', text, signature: 'c2ln' })),
  fc.constant<ReasoningProof>({ type: 'opaque', signature: 'b3BhcXVl' }),
  fc.constant<ReasoningProof>({ type: 'redacted', data: 'cmVk' }),
);

/** What the events of one piece are, once it is known which call it is. */
type Piece = (index: number) => readonly TurnEvent[];

const anyPiece: fc.Arbitrary<Piece> = fc.oneof(
  words.map((text): Piece => () => [{ type: 'text', text }]),
  words.map((text): Piece => () => [{ type: 'reasoning', text }]),
  anyProof.map((proof): Piece => () => [{ type: 'reasoning-proof', proof }]),
  words.map((query): Piece => () => [
    { type: 'web-search', id: 'tooluse_s', query, outcome: { type: 'found', results: [] } },
  ]),
  fc
    .tuple(fc.constantFrom('read', 'patch', 'multi__go'), words, fc.boolean())
    .map(([name, text, isCut]): Piece => (index) => {
      const json = JSON.stringify({ input: text });
      const events = call(index, name, ...(text === '' ? [] : [json.slice(0, 4), json.slice(4)]));
      return isCut ? events.slice(0, -1) : events;
    }),
);

/**
 * Turns of every kind that the order of events allows: proofs anywhere, calls that overlap or were cut, text while a call is
 * open.
 */
export const oddTurn: fc.Arbitrary<TurnEvent[]> = fc
  .tuple(
    fc.array(anyPiece, { maxLength: 8 }),
    fc.array(fc.nat(), { maxLength: 24 }),
    fc.constantFrom<EndReason>('stop', 'tools', 'length', 'filtered'),
  )
  .map(([pieces, picks, reason]) => {
    const waiting = pieces.map((piece, index) => [...piece(index)]);
    const events: TurnEvent[] = [];
    for (const pick of picks) {
      const event = waiting[pick % Math.max(1, waiting.length)]?.shift();
      if (event) events.push(event);
    }
    return [...events, ...waiting.flat(), end(reason)];
  });
