import { testsOf, type Client } from './feature.ts';

/** The libraries that programs are written with. */
export const sdks: readonly Client[] = [
  openAiChat(),
  openAiResponses(),
  anthropicSdk(),
  aiSdkCompatible(),
  aiSdkOpenAi(),
  aiSdkAnthropic(),
  langChain('chat completions'),
  langChain('responses'),
];

function openAiChat(): Client {
  const shown = testsOf('interop/openai-sdk.test.ts');
  const refused = testsOf('interop/openai-sdk-errors.test.ts');
  const stream = shown('a stream, with usage at its end');
  const reasoning = shown('reasoning comes as deltas of its own, and is replayed in the next turn');
  return {
    title: "OpenAI's SDK",
    api: 'chat completions',
    packages: ['openai'],
    features: {
      text: shown('text', 'system, developer and parts'),
      stream,
      tools: shown(
        'a loop of tools, and both results come back (stream: %s)',
        'a tool is chosen, none is, and old calls of tools that are no longer offered are kept',
      ),
      'parallel tools': shown('parallel tools'),
      images: shown('a picture'),
      'reasoning shown': reasoning,
      'reasoning replayed': reasoning,
      'structured output': shown('an answer in a schema, parsed'),
      usage: stream,
      errors: refused('a wrong key', 'a wrong model', 'a bad request'),
      overflow: refused('too long a conversation'),
      'rate limit': refused('a rate limit, with the seconds to wait'),
      'cut stream': refused('an overloaded model, in a stream that breaks and in one that does not begin'),
      abort: shown('an abort, of a stream and of a wait'),
    },
  };
}

function openAiResponses(): Client {
  const shown = testsOf('interop/openai-sdk-responses.test.ts');
  const common = testsOf('interop/every-sdk.test.ts', 'openai over responses');
  const text = shown('text');
  const reasoning = shown('reasoning comes as a summary, and its proof is replayed by the client');
  return {
    title: "OpenAI's SDK",
    api: 'responses',
    packages: ['openai'],
    features: {
      text,
      stream: shown('a stream, gathered by the SDK'),
      tools: shown(
        'a loop of tools, and both results come back (stream: %s)',
        'a conversation that goes on by previous_response_id, tools included',
      ),
      'parallel tools': testsOf('interop/every-sdk.test.ts')('openai over responses calls tools at once'),
      images: shown('pictures, in a message and as the result of a tool'),
      'reasoning shown': reasoning,
      'reasoning replayed': reasoning,
      'structured output': shown('an answer in a schema, parsed'),
      usage: text,
      errors: shown("are OpenAI's own classes"),
      overflow: common('is told that a conversation is too long'),
      'rate limit': common('is told a rate limit, and when to come back'),
      'cut stream': shown(
        'a stream that breaks tells so, and its connection is cut',
        'an answer to a stream that breaks is not kept',
      ),
      abort: shown('an abort, of a stream and of a wait'),
    },
  };
}

function aiSdkCompatible(): Client {
  const shown = testsOf('interop/ai-sdk.test.ts');
  const common = testsOf('interop/every-sdk.test.ts', '@ai-sdk/openai-compatible');
  const replayed = '@ai-sdk/openai-compatible has its reasoning replayed over the steps of a task';
  const text = shown('generateText, with its usage');
  const stream = shown('streamText, with its usage');
  return {
    title: "Vercel's AI SDK, OpenAI-compatible",
    api: 'chat completions',
    packages: ['ai', '@ai-sdk/openai-compatible'],
    features: {
      text,
      stream,
      tools: shown('tools over several steps'),
      'parallel tools': shown('parallel tools in a stream'),
      images: shown('a picture'),
      'reasoning shown': shown('reasoning'),
      'reasoning replayed': testsOf('interop/every-sdk.test.ts')(replayed),
      'structured output': shown('an object of a schema'),
      usage: [...text, ...stream],
      errors: shown('a bad request is final', 'a fault in passing is tried again by the SDK'),
      overflow: common('is told that a conversation is too long'),
      'rate limit': shown('a rate limit says when to come back'),
      'cut stream': shown('a stream that breaks is an error, not an answer'),
      abort: shown('an abort'),
    },
  };
}

function aiSdkOpenAi(): Client {
  const shown = testsOf('interop/ai-sdk-responses.test.ts');
  const common = testsOf('interop/every-sdk.test.ts', '@ai-sdk/openai');
  const text = shown('generateText, with its usage');
  const stream = shown('streamText, with its usage');
  const tools = shown('tools over several steps, answers kept: %s');
  return {
    title: "Vercel's AI SDK, OpenAI",
    api: 'responses',
    packages: ['ai', '@ai-sdk/openai'],
    features: {
      text,
      stream,
      tools,
      'parallel tools': shown('parallel tools in a stream'),
      images: shown('a picture'),
      'reasoning shown': shown('reasoning'),
      'reasoning replayed': tools,
      'structured output': shown('an object of a schema'),
      usage: [...text, ...stream],
      errors: shown('a wrong model is final'),
      overflow: shown('too long a conversation is told by its code'),
      'rate limit': common('is told a rate limit, and when to come back'),
      'cut stream': shown('a stream that breaks is an error, not an answer'),
      abort: shown('an abort'),
    },
  };
}

function aiSdkAnthropic(): Client {
  const shown = testsOf('interop/ai-sdk-anthropic.test.ts');
  const common = testsOf('interop/every-sdk.test.ts', '@ai-sdk/anthropic');
  const stream = shown('a stream, with its usage');
  const tools = shown('tools over several steps, then several at once in a stream');
  const reasoning = shown('reasoning, which is replayed over the steps of a task');
  const refused = shown('a bad key, and too long a conversation');
  return {
    title: "Vercel's AI SDK, Anthropic",
    api: 'messages',
    packages: ['ai', '@ai-sdk/anthropic'],
    features: {
      text: common('is answered in a text'),
      stream,
      tools,
      'parallel tools': tools,
      images: shown('a picture and a PDF'),
      'reasoning shown': reasoning,
      'reasoning replayed': reasoning,
      'structured output': shown('an object of a schema'),
      usage: stream,
      errors: refused,
      overflow: refused,
      'rate limit': common('is told a rate limit, and when to come back'),
      'cut stream': shown('an answer that breaks off is an error, not an end'),
      abort: common('leaves while it waits, and Kiro is left too'),
    },
  };
}

function anthropicSdk(): Client {
  const shown = testsOf('interop/anthropic-sdk.test.ts');
  const refused = testsOf('interop/anthropic-sdk-errors.test.ts');
  const common = testsOf('interop/every-sdk.test.ts', '@anthropic-ai/sdk');
  const text = shown('text, with every member that the SDK knows and no other');
  const stream = shown('a stream, event by event');
  const reasoning = shown('thinking comes in blocks with a signature, and is replayed in the next turn');
  const overflow = refused('a bad request, and too long a conversation');
  return {
    title: "Anthropic's SDK",
    api: 'messages',
    packages: ['@anthropic-ai/sdk'],
    features: {
      text,
      stream,
      tools: shown(
        'a loop of tools, and both results come back (stream: %s)',
        'a tool is chosen, none is, one at a time, and a result that failed',
      ),
      'parallel tools': shown('parallel tools'),
      images: shown('pictures, also in the result of a tool, and a PDF'),
      'reasoning shown': reasoning,
      'reasoning replayed': [...reasoning, ...shown('thinking that is omitted is replayed from memory')],
      'structured output': shown('an answer in a schema, parsed'),
      usage: [...text, ...stream],
      errors: [...refused('a wrong key', 'a wrong model, asked and looked up'), ...overflow],
      overflow,
      'rate limit': common('is told a rate limit, and when to come back'),
      'cut stream': refused('a stream that breaks, and an overloaded model'),
      abort: shown('an abort, of a stream and of a wait'),
    },
  };
}

function langChain(api: 'chat completions' | 'responses'): Client {
  const shown = testsOf('interop/langchain.test.ts', `LangChain over ${api}`);
  const text = shown('text, with its usage');
  const stream = shown('a stream, with its usage');
  const reasoning = shown('reasoning, which is replayed over the steps of a task');
  return {
    title: 'LangChain',
    api,
    packages: ['@langchain/openai'],
    features: {
      text,
      stream,
      tools: shown('a loop of tools, and both results come back (stream: %s)'),
      'parallel tools': shown('parallel tools'),
      images: shown('a picture'),
      'reasoning shown': reasoning,
      'reasoning replayed': reasoning,
      'structured output': shown('an answer in a schema, by %s'),
      usage: [...text, ...stream],
      errors: shown('a wrong key, and a wrong model'),
      overflow: shown('too long a conversation'),
      'rate limit': shown('a rate limit, which says when to come back'),
      'cut stream': shown('a stream that breaks is an error, not an answer'),
      abort: shown('an abort'),
    },
  };
}
