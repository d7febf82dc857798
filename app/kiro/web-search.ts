import * as v from 'valibot';
import type { WebResult } from '../conversation/web-search.ts';
import { callerHeaders, dataRoutes, type Caller } from './caller.ts';
import { endpointUrl, type Endpoints } from './endpoints.ts';
import { errorFromAnswer, KiroError } from './kiro-error.ts';
import { TransportError, type HttpAnswer, type Transport } from './transport.ts';

export interface WebSearchPorts {
  readonly transport: Transport;
  readonly endpoints: Endpoints;
  readonly now: () => number;
}

/** Longer queries are refused (protocol §4.2), in UTF-16 units. */
const longestQuery = 200;

/**
 * Searches the web by Kiro's own search, the operation InvokeMCP (protocol §4.2). Asks `runtime` alone: the search needs a
 * profile, and is asked again by nobody.
 * @throws KiroError
 */
export async function searchWeb(
  ports: WebSearchPorts,
  caller: Caller,
  query: string,
  signal: AbortSignal,
): Promise<WebResult[]> {
  const route = dataRoutes(caller).find(({ host }) => host === 'runtime');
  if (!route) throw new KiroError('wrong-host', 'There is no host for a search');
  const base = endpointUrl(ports.endpoints, route.host, caller.region);
  const isRest = route.binding === 'rest';
  let answer: HttpAnswer;
  try {
    answer = await ports.transport.send({
      method: 'POST',
      url: isRest ? `${base}/mcp` : `${base}/`,
      headers: {
        ...callerHeaders(caller, route.profileArn),
        ...(isRest
          ? { 'content-type': 'application/json' }
          : {
              'content-type': 'application/x-amz-json-1.0',
              'x-amz-target': 'AmazonCodeWhispererStreamingService.InvokeMCP',
            }),
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: '1',
        method: 'tools/call',
        params: { name: 'web_search', arguments: { query: query.slice(0, longestQuery).toWellFormed() } },
        ...(route.profileArn === undefined ? {} : { profileArn: route.profileArn }),
      }),
      headTimeoutMs: 30_000,
      signal,
    });
  } catch (cause) {
    throw cause instanceof TransportError ? new KiroError('network', cause.message, { cause }) : cause;
  }
  if (answer.status !== 200) throw errorFromAnswer(answer, ports.now());
  return resultsIn(answer.text);
}

/** The results are JSON in a text in a JSON-RPC answer. */
function resultsIn(text: string): WebResult[] {
  try {
    const { result } = v.parse(rpcAnswer, JSON.parse(text));
    const json = result.content.find(({ type }) => type === 'text')?.text ?? '';
    if (result.isError === true) throw new KiroError('transient', "Kiro's web search failed");
    return v.parse(foundPages, JSON.parse(json)).results.map(({ title, url, snippet, publishedDate }) => ({
      title: title ?? url,
      url,
      snippet: snippet ?? '',
      ...(publishedDate === undefined || publishedDate === null ? {} : { publishedAt: String(publishedDate) }),
    }));
  } catch (cause) {
    if (cause instanceof KiroError) throw cause;
    throw new KiroError('transient', "Kiro's web search answered in a shape that is not known", { cause });
  }
}

const rpcAnswer = v.looseObject({
  result: v.looseObject({
    content: v.array(v.looseObject({ type: v.string(), text: v.optional(v.string()) })),
    isError: v.nullish(v.boolean()),
  }),
});

const foundPages = v.looseObject({
  results: v.array(
    v.looseObject({
      title: v.nullish(v.string()),
      url: v.string(),
      snippet: v.nullish(v.string()),
      publishedDate: v.nullish(v.union([v.string(), v.number()])),
    }),
  ),
});
