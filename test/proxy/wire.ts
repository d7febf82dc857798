import { connect } from 'node:net';
import * as v from 'valibot';

const openAiError = v.strictObject({
  error: v.strictObject({
    message: v.pipe(v.string(), v.nonEmpty()),
    type: v.pipe(v.string(), v.nonEmpty()),
    param: v.nullable(v.string()),
    code: v.nullable(v.string()),
  }),
});
export type OpenAiErrorBody = v.InferOutput<typeof openAiError>['error'];

/** The error object in an answer's body, which must be one and nothing else. */
export function errorIn(text: string): OpenAiErrorBody {
  return v.parse(openAiError, JSON.parse(text)).error;
}

const usage = v.looseObject({ prompt_tokens: v.number(), completion_tokens: v.number(), total_tokens: v.number() });

const chunk = v.looseObject({
  id: v.string(),
  object: v.literal('chat.completion.chunk'),
  choices: v.array(
    v.looseObject({
      index: v.literal(0),
      delta: v.looseObject({
        role: v.optional(v.string()),
        content: v.optional(v.string()),
        reasoning_content: v.optional(v.string()),
        tool_calls: v.optional(
          v.array(
            v.looseObject({
              index: v.number(),
              id: v.optional(v.string()),
              function: v.looseObject({ name: v.optional(v.string()), arguments: v.optional(v.string()) }),
            }),
          ),
        ),
      }),
      finish_reason: v.nullable(v.string()),
    }),
  ),
  usage: v.optional(usage),
});
export type Chunk = v.InferOutput<typeof chunk>;

const completion = v.looseObject({
  id: v.string(),
  object: v.literal('chat.completion'),
  choices: v.tuple([
    v.looseObject({
      message: v.looseObject({
        content: v.nullable(v.string()),
        reasoning_content: v.optional(v.string()),
        tool_calls: v.optional(
          v.array(
            v.looseObject({ id: v.string(), function: v.looseObject({ name: v.string(), arguments: v.string() }) }),
          ),
        ),
      }),
      finish_reason: v.string(),
    }),
  ]),
  usage: v.looseObject({ ...usage.entries, credits: v.optional(v.number()), context_percent: v.optional(v.number()) }),
});

/** A whole answer that was not streamed. */
export async function completionOf(answer: Response): Promise<v.InferOutput<typeof completion>> {
  return v.parse(completion, await answer.json());
}

/** What came of a stream, read to its end or its break. */
export interface ReadStream {
  readonly chunks: Chunk[];
  readonly text: string;
  readonly finishReasons: string[];
  /** It came to its end the way HTTP means it. */
  readonly isWhole: boolean;
  readonly isDone: boolean;
  readonly error: OpenAiErrorBody | undefined;
  readonly comments: number;
}

/** Reads server-sent events strictly: any line that is neither data, comment nor blank is an error. */
export async function readStream(answer: Response): Promise<ReadStream> {
  const { text, isWhole } = await readWhole(answer);
  return { ...parseEvents(text), isWhole };
}

/** Reads a body to its end, or to its break. */
export async function readWhole(answer: Response): Promise<{ readonly text: string; readonly isWhole: boolean }> {
  let text = '';
  let isWhole = true;
  const decoder = new TextDecoder();
  try {
    for await (const piece of answer.body ?? []) text += decoder.decode(piece, { stream: true });
  } catch {
    isWhole = false;
  }
  return { text, isWhole };
}

function parseEvents(raw: string): Omit<ReadStream, 'isWhole'> {
  const chunks: Chunk[] = [];
  let comments = 0;
  let isDone = false;
  let error: OpenAiErrorBody | undefined;
  for (const block of raw.split('\n\n')) {
    if (block === '') continue;
    if (isDone || error) throw new Error(`after the end came ${block}`);
    if (block.startsWith(': ')) comments += 1;
    else if (block === 'data: [DONE]') isDone = true;
    else if (block.startsWith('data: {"error"')) error = errorIn(block.slice(6));
    else if (block.startsWith('data: ') && !block.includes('\n'))
      chunks.push(v.parse(chunk, JSON.parse(block.slice(6))));
    else throw new Error(`no event: ${block}`);
  }
  return {
    chunks,
    comments,
    isDone,
    error,
    text: chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join(''),
    finishReasons: chunks.flatMap(({ choices }) => choices[0]?.finish_reason ?? []),
  };
}

/** An answer as it came over a socket of our own. */
export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
  /** The server closed the connection. */
  readonly isClosed: boolean;
}

/**
 * Sends bytes that no HTTP client would, and reads until the first answer is whole, judged by its content-length, and a moment more
 * to see whether the connection is closed; or until it is.
 */
export async function sendRaw(
  port: number,
  pieces: readonly (string | Buffer)[],
  options: { readonly untilClosed?: boolean } = {},
): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  let isClosed = false;
  await new Promise<void>((resolve) => {
    socket.on('error', () => {});
    socket.on('data', (piece: Buffer) => {
      text += piece.toString('latin1');
      if (options.untilClosed !== true && isComplete(text)) setTimeout(resolve, 20);
    });
    socket.on('end', () => {
      isClosed = true;
      resolve();
    });
    socket.on('close', () => {
      isClosed = true;
      resolve();
    });
    for (const piece of pieces) socket.write(piece);
  });
  socket.destroy();
  const headEnd = text.indexOf('\r\n\r\n');
  return {
    status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1] ?? 0),
    head: text.slice(0, headEnd),
    body: Buffer.from(text.slice(headEnd + 4), 'latin1').toString('utf8'),
    isClosed,
  };
}

function isComplete(text: string): boolean {
  const headEnd = text.indexOf('\r\n\r\n');
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, headEnd + 2))?.[1];
  return headEnd > 0 && length !== undefined && text.length >= headEnd + 4 + Number(length);
}
