import { readFileSync } from 'node:fs';
import type { HttpAnswer, HttpRequest, Transport } from '../../app/kiro/transport.ts';

/** An answer to give, or an error to fail with. */
export type Scripted =
  | { status?: number; body?: unknown; text?: string; headers?: Record<string, string> }
  | (() => Error);

/** A transport that gives scripted answers in order, the last one for ever, and keeps what was sent. */
export function scriptedTransport(...script: Scripted[]): Transport & { sent: HttpRequest[] } {
  const sent: HttpRequest[] = [];
  return {
    sent,
    async send(request) {
      request.signal?.throwIfAborted();
      sent.push(request);
      const step = script[Math.min(sent.length, script.length) - 1];
      if (step === undefined) throw new Error('nothing scripted');
      if (typeof step === 'function') throw step();
      return answer(step);
    },
    open: () => Promise.reject(new Error('a login never opens a stream')),
    close: () => Promise.resolve(),
  };
}

export function fixture(name: string): unknown {
  return JSON.parse(fixtureText(name));
}

export function fixtureText(name: string): string {
  return readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8');
}

function answer(step: Exclude<Scripted, () => Error>): HttpAnswer {
  const headers = new Map(Object.entries(step.headers ?? {}));
  return {
    status: step.status ?? 200,
    text: step.text ?? JSON.stringify(step.body ?? {}),
    header: (name) => headers.get(name),
  };
}
