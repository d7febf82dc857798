import * as v from 'valibot';
import type { Answered, Asked } from './ask.ts';

/**
 * What a client got: `served`, `left`, `cut` (no end, and no word why), `no answer`, or the code of the error. Who dawdles is told of a
 * broken stream by its end alone: Node's client throws away what it has not read, the reason too.
 */
export function outcomeOf({ path, leaves, dawdlesMs = 0 }: Asked, answered: Answered): string {
  const { status, text, isWhole } = answered;
  if (status === 0) return 'no answer';
  if (status !== 200) return codeIn(text) ?? `status ${status}`;
  const told = toldIn(text);
  if (told !== undefined) return told;
  const isStream = text.startsWith('event: ') || text.startsWith('data: ') || text.startsWith(': ');
  const hasEnd = isWhole && (!isStream || (ends[path] ?? []).some((end) => text.includes(end)));
  if (hasEnd) return 'served';
  if (leaves === true) return 'left';
  return !isWhole && dawdlesMs > 0 ? 'broken_stream' : 'cut';
}

/** Whether a client may be told `told` where the fault's own code is `code`: Anthropic's API and `response.failed` have fewer words. */
export function isToldAs(path: string, code: string, told: string): boolean {
  return told === code || (path === '/v1/chat/completions' ? [] : (otherWords[code] ?? [])).includes(told);
}

const ends: Readonly<Record<string, readonly string[]>> = {
  '/v1/chat/completions': ['data: [DONE]'],
  '/v1/responses': ['event: response.completed', 'event: response.incomplete'],
  '/v1/messages': ['event: message_stop'],
};

const otherWords: Readonly<Record<string, readonly string[]>> = {
  broken_stream: ['api_error', 'server_error'],
  paused: ['api_error'],
  refused_by_kiro: ['invalid_request_error', 'server_error'],
  context_length_exceeded: ['invalid_request_error'],
  account_parked: ['permission_error', 'invalid_prompt'],
};

const error = v.object({ code: v.nullish(v.string()), type: v.nullish(v.string()) });
const errorBody = v.object({ error });
const failedBody = v.object({ response: v.object({ error }) });

/** The error that ends a stream, in the form of its API. */
function toldIn(text: string): string | undefined {
  const data =
    /(?:^|\n\n)(?:event: error\n|event: response\.failed\n)?data: (\{(?:"error"|"type":"error"|"type":"response\.failed").*)/.exec(
      text,
    )?.[1];
  return data === undefined ? undefined : (codeIn(data) ?? 'an error without a code');
}

function codeIn(text: string): string | undefined {
  const json = v.safeParse(v.pipe(v.string(), v.parseJson()), text);
  if (!json.success) return undefined;
  const plain = v.safeParse(errorBody, json.output);
  const failed = v.safeParse(failedBody, json.output);
  const told = plain.success ? plain.output.error : failed.success ? failed.output.response.error : undefined;
  return told?.code ?? told?.type ?? undefined;
}
