import type { Feed, Take } from '../conversation/feed.ts';
import { encodePaced } from '../conversation/paced.ts';
import type { TurnBatch } from '../conversation/turn-event.ts';
import { callerHeaders, dataRoutes, type Caller, type DataRoute } from './caller.ts';
import { endpointUrl, type Endpoints } from './endpoints.ts';
import { HostMemory } from './host-memory.ts';
import { errorFromAnswer, KiroError } from './kiro-error.ts';
import type { Payload } from './payload.ts';
import { TransportError, type HttpStream, type Transport } from './transport.ts';
import { TurnReader } from './turn-reader.ts';

export interface TurnClientPorts {
  readonly transport: Transport;
  readonly endpoints: Endpoints;
  readonly now: () => number;
  /** A fresh UUID for each physical send. */
  readonly newId: () => string;
  /** Whether Kiro is asked not to learn from the content (protocol §4.3). */
  readonly isOptedOut: () => boolean;
}

export interface TurnRequest {
  readonly payload: Payload;
  readonly contextTokens: (model: string | undefined) => number | undefined;
  readonly signal: AbortSignal;
  /** Counts physical sends over all of a client request's tries; false when there are none left. */
  readonly takeSend: () => boolean;
}

/**
 * An answer whose head has come: a feed of one batch for each piece from the network, which breaks with a KiroError when the answer
 * does. Having enough of it closes its connection.
 */
export interface TurnStream extends Feed<TurnBatch> {
  readonly requestId: string | undefined;
}

/** Sends turns to Kiro's data plane (protocol §4). */
export class TurnClient {
  readonly #ports: TurnClientPorts;
  readonly #memory = new HostMemory<DataRoute>((route) => `${route.host}/${route.binding}`);

  constructor(ports: TurnClientPorts) {
    this.#ports = ports;
  }

  /**
   * Sends one turn and resolves once Kiro accepted it. Goes on to the caller's next host only when this one surely did not
   * take the request: no connection, or an answer that says "not here" (protocol §4.1).
   * @throws KiroError what Kiro or the network said
   */
  async open(caller: Caller, request: TurnRequest): Promise<TurnStream> {
    const routes = this.#memory.order(caller.key, dataRoutes(caller));
    let refusal: KiroError | undefined;
    for (const route of routes) {
      if (!request.takeSend()) break;
      try {
        const stream = await this.#send(caller, route, request);
        this.#memory.worked(caller.key, route);
        return stream;
      } catch (error) {
        if (!(error instanceof KiroError) || !mayTryNextHost(error, caller, route)) throw error;
        refusal ??= error;
      }
    }
    throw refusal ?? new KiroError('network', 'Every send that this request may cost is used up');
  }

  async #send(caller: Caller, route: DataRoute, request: TurnRequest): Promise<TurnStream> {
    const { transport, endpoints, now, newId, isOptedOut } = this.#ports;
    const base = endpointUrl(endpoints, route.host, caller.region);
    const body = await encodePaced(request.payload.parts(route));
    let answer: HttpStream;
    try {
      answer = await transport.open({
        method: 'POST',
        url: route.binding === 'rest' ? `${base}/generateAssistantResponse` : `${base}/`,
        headers: {
          ...callerHeaders(caller, route.profileArn),
          ...bindingHeaders(route),
          ...(isOptedOut() ? { 'x-amzn-codewhisperer-optout': 'true' } : {}),
          'x-amzn-kiro-agent-mode': 'vibe',
          'amz-sdk-invocation-id': newId(),
          'amz-sdk-request': 'attempt=1; max=1',
        },
        body,
        signal: request.signal,
      });
    } catch (cause) {
      throw networkError(cause);
    }
    if (answer.status !== 200) {
      const text = await answer.text().catch((cause: unknown) => {
        throw networkError(cause);
      });
      throw errorFromAnswer({ status: answer.status, text, header: (name) => answer.header(name) }, now());
    }
    const reader = new TurnReader({
      toolName: (name) => request.payload.toolNames.toClient(name),
      contextTokens: request.contextTokens,
    });
    return { requestId: answer.header('x-amzn-requestid'), each: (take) => readTurn(answer, reader, take) };
  }
}

async function readTurn(answer: HttpStream, reader: TurnReader, take: Take<TurnBatch>): Promise<boolean> {
  let isWhole: boolean;
  try {
    isWhole = await answer.each((piece) => {
      let events: TurnBatch;
      try {
        events = reader.push(piece);
      } catch (damage) {
        return breakAfter(reader.flush(), take, damage);
      }
      return events.length === 0 ? undefined : take(events);
    });
  } catch (cause) {
    if (!(cause instanceof TransportError)) throw cause;
    throw new KiroError('broken-stream', "The connection to Kiro broke in the middle of the model's answer", { cause });
  }
  if (isWhole) await take(reader.end());
  return isWhole;
}

/** What came before the damage stays, wherever the network cut the stream. */
async function breakAfter(events: TurnBatch, take: Take<TurnBatch>, damage: unknown): Promise<never> {
  if (events.length > 0) await take(events);
  throw damage;
}

function bindingHeaders(route: DataRoute): Record<string, string> {
  if (route.binding === 'rest') {
    return { 'content-type': 'application/json', accept: 'application/vnd.amazon.eventstream' };
  }
  return {
    'content-type': 'application/x-amz-json-1.0',
    accept: '*/*',
    'x-amz-target': 'AmazonCodeWhispererStreamingService.GenerateAssistantResponse',
  };
}

/** A request that may have been taken is not offered to a second host: it could be answered, and charged, twice. */
function mayTryNextHost(error: KiroError, caller: Caller, route: DataRoute): boolean {
  if (error.class === 'wrong-host') return true;
  // Without a profile `q` knows Claude only; `runtime` has the other models too (protocol §4.1).
  if (error.class === 'model-unavailable') return caller.profile.type === 'builder-id' && route.host === 'q';
  return error.class === 'network' && error.cause instanceof TransportError && !error.cause.sent;
}

function networkError(cause: unknown): unknown {
  return cause instanceof TransportError ? new KiroError('network', cause.message, { cause }) : cause;
}
