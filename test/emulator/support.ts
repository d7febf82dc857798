import { readFileSync } from 'node:fs';
import type { EmulatedAccount, Emulator, Login } from './emulator.ts';
import { isObject, objectOf, parseJson, stringOf, type JsonObject } from './json.ts';

/** What the emulator's own tests share: plain HTTP calls and request bodies. */

/** A fixture as JSON object. */
export function fixture(name: string): JsonObject {
  const value = parseJson(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'));
  if (!isObject(value)) throw new Error(`${name} holds no object`);
  return value;
}

/** A fixture's bytes. */
export function fixtureBytes(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/${name}`, import.meta.url));
}

/** An answer that was read to its end. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  readonly body: JsonObject;
}

/** POSTs JSON (or a prepared body) and reads the answer. */
export async function post(url: string, body: object | string, headers: Record<string, string> = {}): Promise<Reply> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return read(
    await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: text }),
  );
}

/** GETs and reads the answer. */
export async function get(url: string, headers: Record<string, string> = {}): Promise<Reply> {
  return read(await fetch(url, { headers }));
}

/** The smallest body that the emulator accepts from an account. */
export function minimal(account: EmulatedAccount, changes: { model?: string; content?: string } = {}): JsonObject {
  const { model: modelId = 'claude-haiku-4.5', content = 'Say exactly hello' } = changes;
  const userInputMessage = { content, modelId, origin: 'AI_EDITOR' };
  const conversationState = { chatTriggerType: 'MANUAL', conversationId: 'c-1', currentMessage: { userInputMessage } };
  return { conversationState, ...(account.profileArn === undefined ? {} : { profileArn: account.profileArn }) };
}

/** Calls GenerateAssistantResponse in the REST binding. */
export async function generate(
  emulator: Emulator,
  account: EmulatedAccount,
  login: Pick<Login, 'accessToken'>,
  body: object = minimal(account),
  options: { host?: 'runtime' | 'q' | 'codewhisperer'; region?: string; headers?: Record<string, string> } = {},
): Promise<Reply> {
  const template = emulator.endpoints[options.host ?? 'runtime'];
  const url = template.replace('{region}', options.region ?? account.apiRegion);
  const tokenType: Record<string, string> =
    account.kind === 'external-idp'
      ? { tokentype: 'EXTERNAL_IDP' }
      : account.kind === 'api-key'
        ? { tokentype: 'API_KEY' }
        : {};
  const headers = { authorization: `Bearer ${login.accessToken}`, ...tokenType, ...options.headers };
  return post(`${url}/generateAssistantResponse`, body, headers);
}

/** One decoded frame. */
export interface Frame {
  readonly headers: Record<string, string>;
  readonly payload: JsonObject;
}

/** A plain decoder for whole streams, for looking at what was sent; the official client checks the checksums. */
export function decode(bytes: Buffer): Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length;) {
    const total = bytes.readUInt32BE(at);
    const headersEnd = at + 12 + bytes.readUInt32BE(at + 4);
    const headers: Record<string, string> = {};
    for (let cursor = at + 12; cursor < headersEnd;) {
      const nameEnd = cursor + 1 + bytes.readUInt8(cursor);
      const valueEnd = nameEnd + 3 + bytes.readUInt16BE(nameEnd + 1);
      headers[bytes.toString('utf8', cursor + 1, nameEnd)] = bytes.toString('utf8', nameEnd + 3, valueEnd);
      cursor = valueEnd;
    }
    frames.push({ headers, payload: objectOf(parseJson(bytes.toString('utf8', headersEnd, at + total - 4))) });
    at += total;
  }
  return frames;
}

/** The text of all assistantResponseEvents. */
export function spoken(bytes: Buffer): string {
  return decode(bytes)
    .filter((frame) => frame.headers[':event-type'] === 'assistantResponseEvent')
    .map((frame) => stringOf(frame.payload['content']))
    .join('');
}

async function read(response: Response): Promise<Reply> {
  const bytes = Buffer.from(await response.arrayBuffer());
  return {
    status: response.status,
    headers: response.headers,
    bytes,
    body: objectOf(parseJson(bytes.toString('utf8'))),
  };
}
