import type { Target } from './connection.ts';
import { shortRequest } from './conversations.ts';
import { block, deltaText } from './frames.ts';
import { isObject, parseObject } from './parse-object.ts';

/**
 * Speed counts only where the answer is right: every letter of a long answer has to arrive, in order and in as many events
 * as were sent. @throws Error that says what is missing
 */
export async function checkText(target: Target, blocks: number): Promise<void> {
  const response = await fetch(`${target.url}${target.path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${target.key}`, 'content-type': 'application/json' },
    body: new Uint8Array(shortRequest),
  });
  const sse = await response.text();
  if (response.status !== 200) throw new Error(`Not answered with 200: ${sse.slice(0, 300)}`);
  const texts = sse.split('\n').flatMap((line) => (line.startsWith('data: {') ? textOf(line.slice(6)) : []));
  const wanted = Array.from({ length: blocks * block.events }, (_, n) => deltaText(n));
  if (texts.join('') !== wanted.join('')) throw new Error('The text is not what was sent');
  if (texts.length !== wanted.length) throw new Error(`${wanted.length} events became ${texts.length}`);
  if (!sse.trimEnd().endsWith('data: [DONE]')) throw new Error('The answer has no end');
}

function textOf(json: string): string[] {
  const { choices } = parseObject(json);
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  const delta = isObject(choice) ? choice['delta'] : undefined;
  const content = isObject(delta) ? delta['content'] : undefined;
  return typeof content === 'string' && content !== '' ? [content] : [];
}
