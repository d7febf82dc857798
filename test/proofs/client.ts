import { errorIn, readStream } from '../proxy/wire.ts';

/** Where a pool is served. */
export interface Endpoint {
  readonly url: string;
  readonly key: string;
}

export interface Message {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

/** What a client got for one request. */
export interface Answered {
  readonly status: number;
  /** The code (or else the type) of the error, before or within the stream. */
  readonly error: string | undefined;
  readonly text: string;
  /** The stream came to its end, with a finish reason. */
  readonly isServed: boolean;
  /** Label of the account, as the answer's header names it. */
  readonly account: string | null;
}

/** One streamed request, as a coding tool sends it: the whole history each time, its session in a header. */
export async function chat(
  { url, key }: Endpoint,
  request: { readonly session: string; readonly messages: readonly Message[]; readonly model?: string },
): Promise<Answered> {
  const { session, messages, model = 'claude-sonnet-5' } = request;
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'x-session-id': session },
    body: JSON.stringify({ model, messages, stream: true }),
  });
  const { status } = answer;
  const account = answer.headers.get('x-kiro-pool-account');
  if (status !== 200) {
    const { code, type } = errorIn(await answer.text());
    return { status, error: code ?? type, text: '', isServed: false, account };
  }
  const { error, text, finishReasons, isDone, isWhole } = await readStream(answer);
  const isServed = isWhole && isDone && error === undefined && finishReasons.length === 1;
  return { status, error: error && (error.code ?? error.type), text, isServed, account };
}
