import type { ReasoningProof } from '../conversation/conversation.ts';
import type { EndReason, TurnEvent, TurnTokens } from '../conversation/turn-event.ts';
import { EventStreamDecoder, EventStreamError, type Frame } from './event-stream.ts';
import { KiroError } from './kiro-error.ts';
import { readStreamEvent, type StreamEvent } from './stream-event.ts';
import { WholePairs } from './surrogate-pairs.ts';

export interface TurnReaderOptions {
  /** Gives back the client's name of a tool whose name had to be shortened for Kiro. */
  readonly toolName: (wireName: string) => string;
  /** Window in tokens of a model by id, for the context percentage. */
  readonly contextTokens: (model: string | undefined) => number | undefined;
}

/** Turns the bytes of one answer into the events of one turn (protocol §5.3 to §5.7). */
export class TurnReader {
  readonly #decoder = new EventStreamDecoder();
  readonly #options: TurnReaderOptions;
  #out: TurnEvent[] = [];
  readonly #onFrame = (frame: Frame): void => this.#take(readStreamEvent(frame));

  #hasOutput = false;
  #toolCount = 0;
  #openTool: OpenTool | undefined;
  /** A call whose arguments never became complete: the answer counts as cut. */
  #isCut = false;
  /** Ids of calls that have ended, since a late fragment must not open one again. */
  readonly #endedTools = new Set<string>();

  /** Since the last signature: a signature is for the text right before it. */
  #reasoningText: string[] = [];
  readonly #reasoningPairs = new WholePairs();
  #isSigned = false;
  /** A signature without text of its own: GPT's comes after everything else, and is the turn's if nothing was signed. */
  #bareSignature: string | undefined;

  #lastText: string | undefined;
  #heldText: string | undefined;
  readonly #textPairs = new WholePairs();

  #stopReason: string | undefined;
  #credits: number | undefined;
  #contextPercent: number | undefined;
  #model: string | undefined;
  #tokens: TurnTokens | undefined;

  constructor(options: TurnReaderOptions) {
    this.#options = options;
  }

  /**
   * Takes the next piece from the network and returns what happened in it.
   * @throws KiroError for exceptions in the stream and for bytes that are no event stream
   */
  push(piece: Uint8Array): TurnEvent[] {
    try {
      this.#decoder.push(piece, this.#onFrame);
    } catch (cause) {
      throw asKiroError(cause);
    }
    return this.flush();
  }

  /**
   * The body came to its end, which is the only reliable end of a turn (protocol §5.6).
   * @throws KiroError `empty-answer`, `broken-stream` or `context-overflow`
   */
  end(): TurnEvent[] {
    try {
      this.#decoder.end();
    } catch (cause) {
      throw asKiroError(cause);
    }
    this.#releaseHeldText();
    this.#closeTool({ stopSeen: false });
    this.#emit('reasoning', this.#reasoningPairs.rest());
    this.#emit('text', this.#textPairs.rest());
    const reason = this.#endReason();
    // An answer that Kiro says it cut or kept back is one; asking again would cost the same again.
    if (!this.#hasOutput && reason !== 'filtered' && reason !== 'length') {
      throw new KiroError('empty-answer', 'Kiro answered without any content');
    }
    if (this.#bareSignature !== undefined && !this.#isSigned) {
      this.#prove({ type: 'opaque', signature: this.#bareSignature });
    }
    this.#out.push({ type: 'end', reason, usage: this.#usage() });
    return this.flush();
  }

  /** What was read since the last batch, such as before an error. */
  flush(): TurnEvent[] {
    const out = this.#out;
    this.#out = [];
    return out;
  }

  #take(event: StreamEvent | undefined): void {
    if (event === undefined) return;
    switch (event.type) {
      case 'text':
        return this.#takeText(event.text, event.model);
      case 'tool':
        return this.#takeTool(event);
      case 'reasoning':
        return this.#takeReasoning(event);
      case 'context':
        this.#contextPercent = event.percent;
        return;
      case 'metering':
        this.#credits = (this.#credits ?? 0) + event.credits;
        return;
      case 'metadata':
        this.#stopReason = event.stopReason ?? this.#stopReason;
        if (event.tokens) this.#tokens = tokensOf(event.tokens);
        return;
      case 'code-reference':
        // The text just before a code reference is sent twice (protocol §5.3): the held one is the second.
        this.#heldText = undefined;
        return;
    }
  }

  #takeText(text: string, model: string | undefined): void {
    this.#releaseHeldText();
    this.#model = model ?? this.#model;
    if (text === '') return;
    // Equal neighbours are legitimate (two list lines split alike), so only a code reference right after makes one a copy.
    if (text === this.#lastText) {
      this.#heldText = text;
      return;
    }
    this.#emitText(text);
  }

  #emitText(text: string): void {
    this.#hasOutput = true;
    this.#lastText = text;
    this.#emit('text', this.#textPairs.take(text));
  }

  #emit(type: 'text' | 'reasoning', text: string): void {
    if (text !== '') this.#out.push({ type, text });
  }

  #releaseHeldText(): void {
    if (this.#heldText === undefined) return;
    const text = this.#heldText;
    this.#heldText = undefined;
    this.#emitText(text);
  }

  /** Something else was said in between, so an equal text after it is no copy. */
  #forgetLastText(): void {
    this.#releaseHeldText();
    this.#lastText = undefined;
  }

  #takeReasoning(event: Extract<StreamEvent, { type: 'reasoning' }>): void {
    this.#forgetLastText();
    if (event.text !== undefined && event.text !== '') {
      this.#hasOutput = true;
      this.#reasoningText.push(event.text);
      this.#emit('reasoning', this.#reasoningPairs.take(event.text));
    }
    // An empty signature must never be replayed (protocol §9.3).
    if (event.signature !== undefined && event.signature !== '') {
      const text = this.#reasoningText.join('');
      this.#reasoningText = [];
      if (text === '') this.#bareSignature = event.signature;
      else {
        this.#isSigned = true;
        this.#prove({ type: 'signed', text, signature: event.signature });
      }
    } else if (event.redacted !== undefined && event.redacted !== '') {
      this.#prove({ type: 'redacted', data: event.redacted });
    }
  }

  #prove(proof: ReasoningProof): void {
    this.#emit('reasoning', this.#reasoningPairs.rest());
    this.#out.push({ type: 'reasoning-proof', proof });
  }

  #takeTool(event: Extract<StreamEvent, { type: 'tool' }>): void {
    this.#forgetLastText();
    if (this.#endedTools.has(event.id)) return;
    if (this.#openTool?.id !== event.id) {
      this.#closeTool({ stopSeen: false });
      this.#openTool = { id: event.id, index: this.#toolCount, json: [], pairs: new WholePairs() };
      this.#toolCount += 1;
      this.#hasOutput = true;
      this.#out.push({
        type: 'tool-start',
        index: this.#openTool.index,
        id: event.id,
        name: this.#options.toolName(event.name),
      });
    }
    const tool = this.#openTool;
    if (event.input !== '') {
      tool.json.push(event.input);
      this.#emitInput(tool, tool.pairs.take(event.input));
    }
    if (event.stop) this.#closeTool({ stopSeen: true });
  }

  #emitInput({ index }: OpenTool, json: string): void {
    if (json !== '') this.#out.push({ type: 'tool-input', index, json });
  }

  /**
   * A call without its stop event is accepted when its arguments are complete, else it was cut (protocol §5.4). No arguments
   * at all are complete only if the stop event says so.
   */
  #closeTool({ stopSeen }: { stopSeen: boolean }): void {
    const tool = this.#openTool;
    if (!tool) return;
    this.#openTool = undefined;
    this.#endedTools.add(tool.id);
    this.#emitInput(tool, tool.pairs.rest());
    const json = tool.json.join('');
    if (json === '' ? stopSeen : isJsonObject(json)) this.#out.push({ type: 'tool-end', index: tool.index });
    else this.#isCut = true;
  }

  #endReason(): EndReason {
    // Kiro's own word goes before any guess from the shape of the answer.
    switch (this.#stopReason) {
      case 'MAX_TOKENS':
      case 'PAUSE_TURN':
        return 'length';
      case 'MODEL_CONTEXT_WINDOW_EXCEEDED':
        throw new KiroError('context-overflow', 'The model ran out of its context window');
      case 'CONTENT_FILTERED':
      case 'GUARDRAIL_INTERVENED':
      case 'REFUSAL':
        return 'filtered';
      case 'MALFORMED_TOOL_USE':
      case 'MALFORMED_MODEL_OUTPUT':
        throw new KiroError('broken-stream', `Kiro gave up on its own answer (${this.#stopReason})`);
      case 'TOOL_USE':
        if (this.#toolCount === 0) throw new KiroError('broken-stream', 'Kiro announced a tool call and sent none');
        break;
      case undefined:
      default:
        break;
    }
    if (this.#isCut) return 'length';
    return this.#toolCount > 0 ? 'tools' : 'stop';
  }

  #usage(): Extract<TurnEvent, { type: 'end' }>['usage'] {
    const contextTokens = this.#contextPercent === undefined ? undefined : this.#options.contextTokens(this.#model);
    return {
      ...(this.#credits === undefined ? {} : { credits: this.#credits }),
      ...(this.#contextPercent === undefined ? {} : { contextPercent: this.#contextPercent }),
      ...(contextTokens === undefined ? {} : { contextTokens }),
      ...(this.#model === undefined ? {} : { model: this.#model }),
      ...(this.#tokens === undefined ? {} : { tokens: this.#tokens }),
    };
  }
}

interface OpenTool {
  readonly id: string;
  readonly index: number;
  readonly json: string[];
  readonly pairs: WholePairs;
}

function tokensOf(tokens: { input: number; output: number; cachedInput: number | undefined }): TurnTokens {
  const { input, output, cachedInput } = tokens;
  return cachedInput === undefined ? { input, output } : { input, output, cachedInput };
}

function isJsonObject(json: string): boolean {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function asKiroError(cause: unknown): unknown {
  if (!(cause instanceof EventStreamError)) return cause;
  return new KiroError('broken-stream', `Kiro's answer is damaged: ${cause.message}`, { cause });
}
