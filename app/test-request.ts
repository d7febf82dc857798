import type { TestedRequest } from './clients/doctor/endpoint.ts';
import type { EngineParts } from './engine-parts.ts';
import { describe } from './log.ts';

/** How long a model may take to begin. */
const headTimeoutMs = 60_000;

/** Sends one small request through our own endpoint as a tool would, and reads its stream to the end. It costs credits. */
export async function sendTestRequest(
  url: string,
  { pool, keys, transport }: Pick<EngineParts, 'pool' | 'keys' | 'transport'>,
  now: () => number,
): Promise<TestedRequest> {
  const models = await pool.models();
  const model = models.find(({ id }) => id === 'auto')?.id ?? models[0]?.id;
  const key = keys.list().find(({ isLocked }) => !isLocked)?.name;
  if (model === undefined) return { isAnswered: false, reason: 'There is no model to ask.' };
  if (key === undefined) return { isAnswered: false, reason: 'There is no key to ask with: kiro-pool key create NAME' };
  const startedAt = now();
  try {
    const answer = await transport.open({
      method: 'POST',
      url: `${url}/v1/chat/completions`,
      headers: { authorization: `Bearer ${await keys.show(key)}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        model,
        stream: true,
        max_tokens: 16,
        messages: [{ role: 'user', content: 'Say hello.' }],
      }),
      headTimeoutMs,
    });
    const text = await answer.text();
    if (answer.status !== 200) return { isAnswered: false, reason: reasonIn(text, answer.status) };
    if (!text.includes('data: [DONE]')) return { isAnswered: false, reason: 'The answer broke off.' };
    return { isAnswered: true, model, ms: now() - startedAt };
  } catch (error) {
    return { isAnswered: false, reason: describe(error) };
  }
}

/** The message of the endpoint's own error object. */
function reasonIn(text: string, status: number): string {
  const message = /"message":"((?:[^"\\]|\\.)*)"/.exec(text)?.[1];
  return message === undefined ? `The endpoint answered ${status}.` : String(JSON.parse(`"${message}"`));
}
