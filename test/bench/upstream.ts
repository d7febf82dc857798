/**
 * A light stand-in for Kiro on loopback: swallows requests of any size and answers in event-stream frames that were made
 * beforehand, so that it never is what limits a target. Beside it as much of the control plane as an engine asks for.
 * `node upstream.ts [--port N]` prints one line `{"event":"ready","url","pid"}`.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { announce } from './announce.ts';
import { block, ending, stampedFrame } from './frames.ts';
import { Pacer } from './pacer.ts';
import { controlAnswer } from './upstream-control.ts';
import { largeBytes, modeSchema, type Counters, type Mode } from './upstream-mode.ts';

const { values } = parseArgs({ options: { port: { type: 'string' } } });
const counters: Counters = { requests: 0, events: 0, open: 0 };
const one: Mode = { mode: 'one' };
let current: Mode = one;
const pacer = new Pacer(() => {
  counters.events += 1;
  return stampedFrame();
});

const server = createServer({ noDelay: true, keepAliveTimeout: 60_000 }, (request, response) => {
  const url = request.url ?? '/';
  if (url === '/__bench/counters') sendJson(response, counters);
  else if (url === '/__bench/mode') {
    void bodyOf(request).then((body) => {
      current = v.parse(modeSchema, JSON.parse(body));
      return sendJson(response, {});
    });
  } else if (isTurn(request, url)) takeTurn(request, response);
  else void bodyOf(request).then((body) => sendJson(response, controlAnswer(request, url, body)));
});
server.listen(Number(values.port ?? 0), '127.0.0.1', () => announce(server.address()));

/** The data plane in both its bindings (protocol §4.2). */
function isTurn(request: IncomingMessage, url: string): boolean {
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') return target.endsWith('.GenerateAssistantResponse');
  return url.endsWith('/generateAssistantResponse');
}

function takeTurn(request: IncomingMessage, response: ServerResponse): void {
  let size = 0;
  request.on('data', (piece: Buffer) => {
    size += piece.length;
  });
  request.on('end', () => {
    counters.requests += 1;
    counters.open += 1;
    response.once('close', () => {
      counters.open -= 1;
    });
    response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
    answer(response, size >= largeBytes ? one : current);
  });
}

function answer(response: ServerResponse, mode: Mode): void {
  switch (mode.mode) {
    case 'one':
      counters.events += 1;
      response.end(Buffer.concat([stampedFrame(), ending]));
      return;
    case 'hold':
      counters.events += 1;
      response.write(stampedFrame());
      return;
    case 'paced':
      pacer.add(response, 1000 / mode.perSecond);
      return;
    case 'exact': {
      let left = mode.blocks;
      const more = (): boolean => {
        left -= 1;
        return left >= 0;
      };
      flood(response, more, mode.isLeftOpen);
      return;
    }
    case 'flood': {
      const until = performance.now() + mode.ms;
      flood(response, () => performance.now() < until);
      return;
    }
  }
}

/** Writes blocks while `more` says so, at the pace of the socket, past the response, which would chunk them anew. */
function flood(response: ServerResponse, more: () => boolean, isLeftOpen = false): void {
  const { socket } = response;
  if (!socket) return;
  response.flushHeaders();
  const pump = (): void => {
    while (!socket.destroyed && more()) {
      counters.events += block.events;
      if (!socket.write(block.chunkedBytes)) {
        socket.once('drain', pump);
        return;
      }
    }
    if (!isLeftOpen) response.end(ending);
  };
  pump();
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

function sendJson(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
