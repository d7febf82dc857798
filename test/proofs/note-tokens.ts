/**
 * Loaded into `serve` before anything else (`node --import`): notes, in a file that outlives a kill, when the answer to a refresh
 * was in this process's hands. So the books can tell an answer that never came from one that could not be saved in time.
 */
import { subscribe } from 'node:diagnostics_channel';
import { openSync, writeSync } from 'node:fs';
import * as v from 'valibot';

const path = process.env['KIRO_POOL_PROOF_NOTES'];
const parts = new WeakMap<object, Buffer[]>();
const message = v.looseObject({ request: v.custom<{ readonly path: string }>((value) => typeof value === 'object') });
const received = v.looseObject({ ...message.entries, chunk: v.instance(Uint8Array) });
const isRefresh = ({ path }: { readonly path: string }): boolean => /\/(?:refreshToken|token)$/.test(path);

if (path !== undefined) {
  const file = openSync(path, 'a', 0o600);
  subscribe('undici:request:bodyChunkReceived', (raw) => {
    const { request, chunk } = v.parse(received, raw);
    if (isRefresh(request)) parts.set(request, [...(parts.get(request) ?? []), Buffer.from(chunk)]);
  });
  subscribe('undici:request:trailers', (raw) => {
    const { request } = v.parse(message, raw);
    const body = Buffer.concat(parts.get(request) ?? []).toString('utf8');
    const refreshToken = /"refresh_?[tT]oken":"([^"]+)"/.exec(body)?.[1];
    if (refreshToken !== undefined) writeSync(file, `${Date.now()} ${refreshToken}\n`);
  });
}
