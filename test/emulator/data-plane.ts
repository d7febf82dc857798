import { randomUUID } from 'node:crypto';
import { authenticate, namedProfile } from './access.ts';
import { contextPercentage, creditsOf, inputTokens } from './accounting.ts';
import type { Account } from './accounts.ts';
import { answerEvents } from './answer-events.ts';
import type { Answer, Turn } from './brain-types.ts';
import { CONCRETE_AUTO_MODEL, reasoningFamily, type CatalogueModel } from './catalogue.ts';
import { round } from './credits.ts';
import type { Exchange } from './exchange.ts';
import { faultRefusal } from './faults.ts';
import type { StreamEvent } from './frames.ts';
import { objectOf, stringOf, type JsonObject } from './json.ts';
import { badRequest, serviceRefusal, unknownOperation } from './refusal.ts';
import { checkGenerate } from './rules/generate.ts';
import { unwiseNotes } from './rules/turns.ts';
import { characterCount, offeredTools, pastTurns, resultsOf, type RequestView } from './rules/view.ts';
import { rest, untilAborted, writeEvents, writeRaw } from './stream-writer.ts';
import type { World } from './world.ts';

const TARGET = 'AmazonCodeWhispererStreamingService.GenerateAssistantResponse';
const EVENT_STREAM = 'application/vnd.amazon.eventstream';

/** True when the request is for GenerateAssistantResponse, in either binding (protocol §4.2). */
export function isGenerate(exchange: Exchange): boolean {
  return exchange.path === '/generateAssistantResponse' || (exchange.path === '/' && exchange.target === TARGET);
}

/** Answers GenerateAssistantResponse: who, what, may they, then the stream (protocol §4, §5). */
export async function generate(exchange: Exchange, world: World): Promise<void> {
  exchange.operation('GenerateAssistantResponse');
  const body = await boundBody(exchange);
  exchange.entry.body = body;
  const account = authenticate(exchange, world);
  const { host, region } = exchange;
  if (account.kind === 'api-key' && host === 'codewhisperer')
    throw badRequest('api-key-host', 'codewhisperer serves no API keys');
  const headerArn = exchange.header('x-amzn-kiro-profile-arn');
  const profileArn = namedProfile(exchange, body['profileArn']);
  if (headerArn !== '' && headerArn !== profileArn)
    throw badRequest('profile-arn-header', 'header and body name different profiles');
  const { view, model } = checkGenerate(body, { account, host, region, signatures: world.signatures, profileArn });
  exchange.entry.model = model.modelId;
  exchange.entry.notes.push(...unwiseNotes(view));
  refuseSpent(account);
  const done = world.journal.running();
  try {
    await answer(exchange, world, account, view, model);
  } finally {
    done();
    if (exchange.entry.aborted) world.journal.of(account.id).aborted += 1;
  }
}

/** Reads the body; the two bindings are told apart by path, target and content type, and mixing them is refused (protocol §4.2). */
async function boundBody(exchange: Exchange): Promise<JsonObject> {
  const isRpc = exchange.path === '/';
  exchange.entry.binding = isRpc ? 'rpc' : 'rest';
  if (exchange.request.method !== 'POST')
    throw unknownOperation('binding-method', `method ${exchange.request.method ?? ''}`);
  const expected = isRpc ? 'application/x-amz-json-1.0' : 'application/json';
  if (exchange.contentType !== expected) {
    throw badRequest('binding-content-type', `content type ${exchange.contentType} where ${expected} belongs`);
  }
  if (!isRpc && exchange.target !== '' && exchange.target !== TARGET)
    throw unknownOperation('binding-target', `target ${exchange.target}`);
  return exchange.jsonBody();
}

function refuseSpent({ meter }: Account): void {
  const reason = meter.refusal;
  if (reason === undefined) return;
  const message = reason === 'MONTHLY_REQUEST_COUNT' ? 'You have reached the limit.' : 'Overage limit reached.';
  throw serviceRefusal({
    rule: 'credits-spent',
    status: 402,
    errorType: 'ServiceQuotaExceededException',
    message,
    reason,
  });
}

async function answer(
  exchange: Exchange,
  world: World,
  account: Account,
  view: RequestView,
  model: CatalogueModel,
): Promise<void> {
  const { entry, response, signal } = exchange;
  const fault = world.faults.take({ on: 'generate', account: account.id, model: model.modelId, host: exchange.host });
  if (fault?.kind === 'empty') entry.fault = 'empty';
  else if (await exchange.suffer(fault, async (ms) => (ms === undefined ? untilAborted(signal) : rest(ms, signal))))
    return;
  const refusal = fault === undefined ? undefined : faultRefusal(fault);
  if (refusal !== undefined) throw refusal;
  if (signal.aborted) return;

  const turn = turnOf(account, view, model);
  const isPrefixHit = world.prefixes.visit(turn);
  const statistics = world.journal.of(account.id);
  if (isPrefixHit) statistics.prefixHits += 1;
  const scripted = world.nextScripted(account.id);
  const conversationId = turn.conversationId ?? randomUUID();
  const saying = scripted === undefined ? world.settings.brain(turn) : scripted;
  const tokens = inputTokens(characterCount(view)) + outputTokens(saying);
  const credits = ('credits' in saying ? saying.credits : undefined) ?? creditsOf(tokens, model, isPrefixHit);

  statistics.generates += 1;
  if (fault?.kind !== 'exception-frame' || (fault.afterEvents ?? 0) > 0) {
    // Abandoned and broken generations cost credits too (protocol §10.2).
    account.meter.charge(credits);
    statistics.creditsCharged = round(statistics.creditsCharged + credits);
    entry.credits = credits;
  }
  exchange.open(200, { 'content-type': EVENT_STREAM, 'x-amzn-codewhisperer-conversation-id': conversationId });
  response.flushHeaders();
  if ('bytes' in saying) return writeRaw(response, saying.bytes, entry, signal);
  const shape = { host: exchange.host, binding: entry.binding ?? ('rest' as const), conversationId, credits };
  const events: readonly StreamEvent[] =
    'events' in saying
      ? saying.events
      : answerEvents(saying, {
          ...shape,
          model: concreteModel(model),
          contextUsagePercentage: contextPercentage(tokens, model),
          reasoning: reasoningAsked(view, model),
          sign: (text) => signed(world, concreteModel(model), text),
        });
  if (fault?.kind === 'reset') exchange.blameNobody();
  const { chunking, eventDelayMs } = world.settings;
  return writeEvents(response, events, entry, { chunking, eventDelayMs, random: world.random, fault, signal });
}

function turnOf(account: Account, view: RequestView, model: CatalogueModel): Turn {
  const conversationId = stringOf(view.state['conversationId']);
  return {
    model: model.modelId,
    text: view.current.content,
    toolResults: resultsOf(view.current),
    tools: offeredTools(view),
    history: pastTurns(view),
    accountId: account.id,
    conversationId: conversationId === '' ? null : conversationId,
    imageCount: view.users.reduce((sum, user) => sum + user.images.length, 0),
    isThinking: reasoningAsked(view, model) !== 'none',
  };
}

/** Claude reasons when `thinking.type` is adaptive; its text is shown only with `display: summarized` (protocol §9.1). */
function reasoningAsked(view: RequestView, model: CatalogueModel): 'summarized' | 'omitted' | 'none' {
  if (reasoningFamily(concreteModel(model)) !== 'claude') return 'none';
  const thinking = objectOf(objectOf(view.body['additionalModelRequestFields'])['thinking']);
  if (thinking['type'] !== 'adaptive') return 'none';
  return thinking['display'] === 'summarized' ? 'summarized' : 'omitted';
}

function concreteModel(model: CatalogueModel): string {
  return model.modelId === 'auto' ? CONCRETE_AUTO_MODEL : model.modelId;
}

function signed(world: World, model: string, text: string): string {
  const signature = world.mint.signature(reasoningFamily(model) === 'gpt' ? 'gpt' : 'claude');
  world.signatures.issue(signature, model, text);
  return signature;
}

function outputTokens(saying: Answer | object): number {
  return Math.ceil(JSON.stringify(saying).length / 3.5);
}
