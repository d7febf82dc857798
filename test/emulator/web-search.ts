import { authenticate, namedProfile } from './access.ts';
import type { Exchange } from './exchange.ts';
import { faultRefusal } from './faults.ts';
import { objectOf, stringOf } from './json.ts';
import { badRequest, unknownOperation } from './refusal.ts';
import { profileRule } from './rules/profile.ts';
import { rest, untilAborted } from './stream-writer.ts';
import type { World } from './world.ts';

const TARGET = 'AmazonCodeWhispererStreamingService.InvokeMCP';

/** True when the request is for InvokeMCP, in either binding (protocol §4.2). */
export function isInvokeMcp(exchange: Exchange): boolean {
  return exchange.path === '/mcp' || (exchange.path === '/' && exchange.target === TARGET);
}

/** The service's own web search: JSON-RPC `tools/call` of `web_search`, and `tools/list` (protocol §4.2). */
export async function invokeMcp(exchange: Exchange, world: World): Promise<void> {
  exchange.operation('InvokeMCP');
  exchange.entry.binding = exchange.path === '/' ? 'rpc' : 'rest';
  if (exchange.request.method !== 'POST') throw unknownOperation('binding-method', 'InvokeMCP is a POST');
  const expected = exchange.path === '/' ? 'application/x-amz-json-1.0' : 'application/json';
  if (exchange.contentType !== expected)
    throw badRequest('binding-content-type', `content type ${exchange.contentType}`);
  const body = await exchange.jsonBody();
  const account = authenticate(exchange, world);
  const arn = namedProfile(exchange, body['profileArn']);
  profileRule(account, 'runtime', exchange.region, arn);
  const fault = world.faults.take({ on: 'web-search', account: account.id });
  if (
    await exchange.suffer(fault, async (ms) =>
      ms === undefined ? untilAborted(exchange.signal) : rest(ms, exchange.signal),
    )
  )
    return;
  const refusal = fault === undefined ? undefined : faultRefusal(fault);
  if (refusal !== undefined) throw refusal;
  if (body['jsonrpc'] !== '2.0') throw badRequest('mcp-envelope', 'jsonrpc must be 2.0');
  const answer = (result: object): void => exchange.reply(200, { jsonrpc: '2.0', id: body['id'] ?? null, result });
  if (body['method'] === 'tools/list') {
    const inputSchema = { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] };
    return answer({ tools: [{ name: 'web_search', description: 'Searches the web.', inputSchema }] });
  }
  const params = objectOf(body['params']);
  const query = stringOf(objectOf(params['arguments'])['query']);
  if (body['method'] !== 'tools/call' || params['name'] !== 'web_search' || query === '' || query.length > 200) {
    throw badRequest('mcp-call', 'only tools/call of web_search with a query of 1–200 characters');
  }
  const results = [1, 2, 3].map((number) => ({
    title: `Result ${number} for ${query}`,
    url: `https://example.com/${number}`,
    snippet: `An invented page about ${query}.`,
    domain: 'example.com',
    publishedDate: null,
  }));
  return answer({ content: [{ type: 'text', text: JSON.stringify({ results }) }], isError: false });
}
