import assert from 'node:assert/strict';
import * as v from 'valibot';
import type { Engine } from '../../../app/engine.ts';
import { accountLine, statusLine } from '../../../main/words.ts';
import type { Seen } from './served.ts';

/** What a client was told, in the words of the table. */
export function told({ status, code, message }: Seen): string {
  return `${status} \`${code}\`: "${undated(message)}"`;
}

/** What the tray says of the pool, and of an account that does not serve. */
export function trayOf({ live, now }: Engine): string {
  const snapshot = live.current();
  const idle = snapshot.accounts.filter(({ state }) => state.name !== 'ready');
  const lines = [statusLine(snapshot), ...idle.map((account) => accountLine(account, now()))];
  return lines.map((line) => `"${undated(line)}"`).join(', ');
}

const refusal = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ error: v.object({ code: v.string(), message: v.string(), hint: v.string() }) }),
);
export type Refusal = v.InferOutput<typeof refusal>['error'];

/** What a command with `--json` failed with. */
export function refusalOf({ code, err }: { readonly code: number | string; readonly err: string }): Refusal {
  assert.equal(code, 1, err);
  return v.parse(refusal, err).error;
}

/** An error of the command, or of the start, as a person reads it. */
export function said({ code, message, hint }: Refusal): string {
  return `\`${code}\`: "${undated(`${message} ${hint}`)}"`;
}

/** A sentence without what differs from run to run. */
export function undated(text: string): string {
  return text
    .replaceAll(/(?:127\.0\.0\.1|localhost):\d+/g, '<host>')
    .replaceAll(/\d{8}T[\d.]+Z/g, '<time>')
    .replaceAll(/\/\S*?(?:kp-test|kiro-pool-app)-[^/\s]+/g, '<folder>')
    .replaceAll(/process \d+\), running since [\d:.T-]+Z/g, 'process <pid>), running since <time>');
}
