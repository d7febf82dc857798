import type { Conversation, ReasoningProof } from './conversation.ts';
import { OutputMeter } from './output-meter.ts';
import { tokensOf, type TokenCounts } from './token-estimate.ts';
import { TurnError } from './turn-error.ts';
import type { WebSearchOutcome } from './web-search.ts';
import type { EndEvent, EndReason, TurnEvent, TurnUsage } from './turn-event.ts';

/** Gathers one turn for a client that does not stream. */
export class GatheredTurn {
  readonly #conversation: Conversation;
  readonly #meter = new OutputMeter();
  readonly #parts: GatheringPart[] = [];
  readonly #calls = new Map<number, GatheringCall>();
  #end: EndEvent | undefined;

  /** @param conversation what was asked, for the estimate of its tokens */
  constructor(conversation: Conversation) {
    this.#conversation = conversation;
  }

  add(batch: readonly TurnEvent[]): void {
    for (const event of batch) {
      this.#meter.add(event);
      this.#gather(event);
    }
  }

  /**
   * The whole turn. A tool call that was cut is left out, and the turn then ends with `length`: half the arguments of a call
   * would be carried out as if they were all of them.
   * @throws {TurnError} `broken-stream` when the turn has not ended
   */
  whole(): WholeTurn {
    if (!this.#end) throw new TurnError('broken-stream', 'The answer broke off before its end. Try again.');
    const { reason, stopSequence, usage } = this.#end;
    const parts = this.#parts.filter((part) => part.type !== 'tool-call' || part.isComplete);
    return {
      parts,
      reason: parts.length < this.#parts.length ? 'length' : reason,
      ...(stopSequence !== undefined && { stopSequence }),
      usage,
      tokens: tokensOf(usage, this.#meter, this.#conversation),
    };
  }

  #gather(event: TurnEvent): void {
    switch (event.type) {
      case 'text':
      case 'reasoning': {
        if (event.text === '') break;
        const last = this.#parts.at(-1);
        if (last?.type === event.type && !('proof' in last)) last.text += event.text;
        else this.#parts.push({ type: event.type, text: event.text });
        break;
      }
      case 'reasoning-proof': {
        const last = this.#parts.at(-1);
        if (last?.type === 'reasoning' && event.proof.type === 'signed') last.proof = event.proof;
        else this.#parts.push({ type: 'reasoning', text: '', proof: event.proof });
        break;
      }
      case 'tool-start': {
        const call: GatheringCall = { type: 'tool-call', id: event.id, name: event.name, json: '', isComplete: false };
        this.#calls.set(event.index, call);
        this.#parts.push(call);
        break;
      }
      case 'tool-input': {
        const call = this.#calls.get(event.index);
        if (call) call.json += event.json;
        break;
      }
      case 'tool-end': {
        const call = this.#calls.get(event.index);
        if (!call) break;
        call.isComplete = true;
        if (call.json === '') call.json = '{}';
        break;
      }
      case 'web-search':
        this.#parts.push({ type: 'web-search', id: event.id, query: event.query, outcome: event.outcome });
        break;
      case 'end':
        this.#end = event;
        break;
    }
  }
}

/** One turn that came to its end. */
export interface WholeTurn {
  /** In the order they began. */
  readonly parts: readonly GatheredPart[];
  readonly reason: EndReason;
  /** The stop sequence that ended it. */
  readonly stopSequence?: string;
  readonly usage: TurnUsage;
  readonly tokens: TokenCounts;
}

export type GatheredPart = GatheredText | GatheredReasoning | GatheredCall | GatheredSearch;

export interface GatheredText {
  readonly type: 'text';
  readonly text: string;
}

export interface GatheredReasoning {
  readonly type: 'reasoning';
  /** Empty when the service gave a proof alone. */
  readonly text: string;
  /** A `signed` one is for this text; any other stands alone. */
  readonly proof?: ReasoningProof;
}

/** A tool call whose arguments are complete. */
export interface GatheredCall {
  readonly type: 'tool-call';
  readonly id: string;
  readonly name: string;
  /** The arguments as JSON text, never empty. */
  readonly json: string;
}

/** A search of the web that was done for the model. */
export interface GatheredSearch {
  readonly type: 'web-search';
  readonly id: string;
  readonly query: string;
  readonly outcome: WebSearchOutcome;
}

/** All of a turn's text, or of its reasoning. */
export function textOf(turn: WholeTurn, type: 'text' | 'reasoning'): string {
  return turn.parts.map((part) => (part.type === type ? part.text : '')).join('');
}

/** A turn's tool calls. */
export function callsOf(turn: WholeTurn): readonly GatheredCall[] {
  return turn.parts.filter((part) => part.type === 'tool-call');
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
type GatheringCall = Writable<GatheredCall> & { isComplete: boolean };
type GatheringPart = Writable<GatheredText> | Writable<GatheredReasoning> | GatheringCall | GatheredSearch;
