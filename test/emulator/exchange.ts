import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Account } from './accounts.ts';
import type { Fault } from './faults.ts';
import { isObject, parseJson, type Json, type JsonObject } from './json.ts';
import type { JournalEntry } from './journal.ts';
import { badRequest, Refusal, type RefusalSpec } from './refusal.ts';

/** Bodies beyond this are answered with 413 (protocol §4.8 names 4.5–7.6 MB and more; this is the outer wall). */
const MAX_BODY_BYTES = 8_000_000;

/** One request and its answer, with what the path said: `/<host>.<region><path>`. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly entry: JournalEntry;
  readonly host: string;
  readonly region: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Aborted when the client is gone. */
  readonly signal: AbortSignal;
  #body: Buffer | undefined;
  #hasEndedItself = false;

  constructor(parts: {
    request: IncomingMessage;
    response: ServerResponse;
    entry: JournalEntry;
    host: string;
    region: string;
    path: string;
    query: URLSearchParams;
  }) {
    this.request = parts.request;
    this.response = parts.response;
    this.entry = parts.entry;
    this.host = parts.host;
    this.region = parts.region;
    this.path = parts.path;
    this.query = parts.query;
    const left = new AbortController();
    this.signal = left.signal;
    this.response.on('close', () => {
      // A socket that we destroyed ourselves (a fault) is no client that left.
      if (!this.response.writableFinished && this.entry.rule !== 'fault' && !this.#hasEndedItself)
        this.entry.aborted = true;
      left.abort();
    });
    this.response.on('error', () => undefined);
  }

  /** A header's value, or ''. */
  header(name: string): string {
    const value = this.request.headers[name];
    return typeof value === 'string' ? value : '';
  }

  /** The content type without parameters, in lower case. */
  get contentType(): string {
    return (this.header('content-type').split(';')[0] ?? '').trim().toLowerCase();
  }

  /** The operation of `x-amz-target`, as `Service.Operation`, or ''. */
  get target(): string {
    return this.header('x-amz-target');
  }

  /** The whole body; 413 beyond the limit. */
  async body(): Promise<Buffer> {
    if (this.#body !== undefined) return this.#body;
    const parts: Buffer[] = [];
    let size = 0;
    for await (const part of this.request) {
      const bytes: Buffer = Buffer.from(part);
      size += bytes.length;
      if (size <= MAX_BODY_BYTES) parts.push(bytes);
    }
    this.entry.requestBytes = size;
    if (size > MAX_BODY_BYTES) {
      throw new Refusal({
        rule: 'body-bytes',
        status: 413,
        body: { message: 'Context limit reached.' },
        detail: `${size} bytes`,
      });
    }
    this.#body = Buffer.concat(parts);
    return this.#body;
  }

  /** The body as JSON object; 400 otherwise. An absent body counts as `{}`. */
  async jsonBody(): Promise<JsonObject> {
    const text = (await this.body()).toString('utf8');
    const value = text === '' ? {} : parseJson(text);
    if (!isObject(value)) throw badRequest('body-json', 'the body is not a JSON object', 'REQUEST_BODY_INVALID_JSON');
    return value;
  }

  /** Names the operation in the journal. */
  operation(name: string, account?: Account): void {
    this.entry.operation = name;
    if (account !== undefined) this.entry.account = account.id;
  }

  /** Answers with JSON. */
  reply(status: number, body: Json | object, headers: Readonly<Record<string, string>> = {}): void {
    const isRpc = this.entry.binding === 'rpc';
    this.send(status, JSON.stringify(body), {
      'content-type': isRpc ? 'application/x-amz-json-1.0' : 'application/json',
      ...headers,
    });
  }

  /** Answers with an HTML page. */
  page(html: string): void {
    this.send(200, html, { 'content-type': 'text/html; charset=utf-8' });
  }

  /** Answers with an error in the shape of the binding (protocol §7.1). */
  refuse(spec: RefusalSpec): void {
    this.entry.rule = spec.rule;
    if (spec.reason !== undefined) this.entry.reason = spec.reason;
    if (spec.detail !== undefined) this.entry.detail = spec.detail;
    const headers = {
      ...(spec.errorType === undefined ? {} : { 'x-amzn-errortype': `${spec.errorType}:` }),
      ...spec.headers,
    };
    if (typeof spec.body === 'string') {
      this.send(spec.status, spec.body, { 'content-type': spec.contentType ?? 'text/plain', ...headers });
      return;
    }
    const isTyped = this.entry.binding === 'rpc' && spec.errorType !== undefined;
    const body = isTyped ? { __type: `com.amazon.aws.codewhisperer#${spec.errorType}`, ...spec.body } : spec.body;
    this.reply(spec.status, body, headers);
  }

  /** Opens an answer that is then written piece by piece. */
  open(status: number, headers: Readonly<Record<string, string>>): void {
    this.entry.status = status;
    this.response.writeHead(status, { 'x-amzn-requestid': randomUUID(), ...headers });
  }

  /** The emulator itself will destroy the stream: the client is not to blame. */
  blameNobody(): void {
    this.#hasEndedItself = true;
  }

  /** Behaves like a host that is not there. */
  vanish(rule: string): void {
    this.entry.rule = rule;
    this.#hasEndedItself = true;
    this.request.socket.destroy();
  }

  /** What a fault does before an answer begins: waits, vanishes or refuses. Returns true when it used up the request. */
  async suffer(fault: Fault | undefined, wait: (ms: number | undefined) => Promise<void>): Promise<boolean> {
    if (fault === undefined) return false;
    this.entry.fault = fault.kind;
    if (fault.kind === 'stall' && fault.afterEvents === undefined) {
      await wait(fault.ms);
      return fault.ms === undefined;
    }
    if (fault.kind === 'empty') {
      this.send(200, '', {});
      return true;
    }
    if (fault.kind !== 'reset' || fault.afterEvents !== undefined) return false;
    this.vanish('fault');
    return true;
  }

  private send(status: number, text: string, headers: Readonly<Record<string, string>>): void {
    if (this.response.headersSent || this.response.destroyed) return;
    const bytes = Buffer.from(text, 'utf8');
    this.entry.bytes += bytes.length;
    this.open(status, { ...headers, 'content-length': String(bytes.length) });
    this.response.end(bytes);
  }
}
