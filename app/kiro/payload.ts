import type { Conversation, JsonObject, JsonValue, ReasoningProof, Tool } from '../conversation/conversation.ts';
import { TurnError } from '../conversation/turn-error.ts';
import { DocumentNames, type WireDocument } from './documents.ts';
import { maxImages, toWireImage, type WireImage } from './images.ts';
import type { KiroModel } from './models.ts';
import { requestFields } from './request-fields.ts';
import { toKiroSchema } from './tool-schema.ts';
import { toEntries, type AssistantEntry, type Entry, type UserEntry } from './turn-order.ts';
import { ToolNames } from './wire-names.ts';

export interface PayloadOptions {
  /** The id that Kiro knows the model by. */
  readonly modelId: string;
  /** The model's catalogue entry, when there is one. */
  readonly model: KiroModel | undefined;
  /** Stable for a session and across the retries of one request (protocol §4.10). */
  readonly conversationId: string;
  readonly continuationId: string;
  readonly effort?: Conversation['effort'];
}

/** Where a request goes decides three of its members (protocol §4.4, §4.5). */
export interface Envelope {
  readonly origin: 'AI_EDITOR' | 'KIRO_CLI';
  readonly profileArn: string | undefined;
}

/** A request for one turn: the costly part is built once, whatever host it goes to in the end. */
export interface Payload {
  /** The body in JSON, a part for each message, made when it is asked for: a long history takes its time. */
  parts(envelope: Envelope): Iterable<string>;
  readonly toolNames: ToolNames;
}

/**
 * Translates a conversation into Kiro's request (protocol §4.5 to §4.9). Pure and deterministic: what was sent in an earlier
 * turn is the same bytes in a later one, so that Kiro's prefix cache can work (§4.10).
 * @throws TurnError `invalid-request` for an image that Kiro cannot take, or for too many tools or documents
 */
export function createPayload(conversation: Conversation, options: PayloadOptions): Payload {
  const toolNames = new ToolNames();
  const offered = conversation.toolChoice.type === 'none' ? [] : conversation.tools;
  const declarable = declarableTools(offered, conversation.turns);
  // A model that reads text only refuses a whole conversation for one picture in its past.
  const imageLimit = options.model?.inputTypes.includes('image') === false ? 0 : maxImages;
  const entries = withFewImages(
    toEntries(conversation.turns, (name) => declarable.has(name)),
    imageLimit,
  );
  const tools = declaredTools(offered, entries, toolNames);
  const images = entries.map((entry) => (entry.role === 'user' ? entry.images.map((image) => toWireImage(image)) : []));
  const documentNames = new DocumentNames();
  const documents = entries.map((entry) => (entry.role === 'user' ? documentNames.toWire(entry.documents) : []));
  const system = systemText(conversation, toolNames);
  const fields = requestFields(options.model?.requestFields, {
    ...(options.effort === undefined ? {} : { effort: options.effort }),
    ...(conversation.maxOutputTokens === undefined ? {} : { maxOutputTokens: conversation.maxOutputTokens }),
  });
  return {
    toolNames,
    *parts({ origin, profileArn }) {
      const message = (entry: Entry, index: number): object => {
        if (entry.role === 'assistant') return { assistantResponseMessage: assistantMessage(entry, toolNames) };
        const prefix = index === 0 ? system : '';
        const isCurrent = index === entries.length - 1;
        const content = [prefix, entry.text].filter((part) => part !== '').join('\n\n');
        const context = userContext(entry, isCurrent ? tools : []);
        const attached = { images: images[index] ?? [], documents: documents[index] ?? [] };
        return { userInputMessage: userMessage(content, options.modelId, origin, attached, context) };
      };
      const state = {
        chatTriggerType: 'MANUAL',
        agentTaskType: 'vibe',
        agentContinuationId: options.continuationId,
        conversationId: options.conversationId,
      };
      yield `{"conversationState":{${membersOf(state)}`;
      const last = entries.length - 1;
      for (const [index, entry] of entries.entries()) {
        const opening = index === 0 ? ',"history":[' : ',';
        yield (
          (index === last ? `${last > 0 ? ']' : ''},"currentMessage":` : opening) +
            toWellFormedJson(message(entry, index))
        );
      }
      yield '}';
      if (profileArn !== undefined) yield `,${membersOf({ profileArn })}`;
      if (fields !== undefined) yield `,${membersOf({ additionalModelRequestFields: fields })}`;
      yield '}';
    },
  };
}

/** An object's members as they stand between its braces. */
function membersOf(object: object): string {
  return toWellFormedJson(object).slice(1, -1);
}

interface WireUserMessage {
  readonly content: string;
  readonly modelId: string;
  readonly origin: Envelope['origin'];
  readonly images?: readonly WireImage[];
  readonly documents?: readonly WireDocument[];
  readonly userInputMessageContext?: JsonObject;
}

function userMessage(
  content: string,
  modelId: string,
  origin: Envelope['origin'],
  { images, documents }: { readonly images: readonly WireImage[]; readonly documents: readonly WireDocument[] },
  context: JsonObject,
): WireUserMessage {
  return {
    content,
    modelId,
    origin,
    ...(images.length > 0 ? { images } : {}),
    ...(documents.length > 0 ? { documents } : {}),
    ...(Object.keys(context).length > 0 ? { userInputMessageContext: context } : {}),
  };
}

function userContext(entry: UserEntry, tools: readonly JsonObject[]): JsonObject {
  const context: Record<string, JsonValue> = {};
  // Kiro refuses empty lists, so an absent one has to be absent.
  if (entry.results.length > 0) {
    context['toolResults'] = entry.results.map(({ callId, text, isError }) => ({
      toolUseId: callId,
      content: [{ text }],
      status: isError ? 'error' : 'success',
    }));
  }
  if (tools.length > 0) context['tools'] = tools;
  return context;
}

/**
 * JSON writes half of a surrogate pair as an escape that strict parsers refuse, so it becomes the replacement character. The
 * search is cheap and nearly always in vain: only such a half, or a backslash before `ud` in the text, is written so.
 */
function toWellFormedJson(value: object): string {
  const json = JSON.stringify(value);
  if (!json.includes('\\ud')) return json;
  return json.replaceAll(/\\(?:(ud[89a-f][0-9a-f]{2})|[^])/g, (escape: string, half: string | undefined) =>
    half === undefined ? escape : '\ufffd',
  );
}

function assistantMessage(entry: AssistantEntry, names: ToolNames): JsonObject {
  return {
    content: entry.text,
    ...(entry.reasoning === undefined || isEmpty(entry.reasoning)
      ? {}
      : { reasoningContent: replayedReasoning(entry.reasoning) }),
    ...(entry.calls.length > 0
      ? {
          toolUses: entry.calls.map((call) => ({
            toolUseId: call.id,
            name: names.toWire(call.name),
            input: call.input,
          })),
        }
      : {}),
  };
}

/** An empty signature is a 400 (protocol §9.3). */
function isEmpty(proof: ReasoningProof): boolean {
  return (proof.type === 'redacted' ? proof.data : proof.signature) === '';
}

/** Exactly one member, the one the proof arrived in: any other is a 400 (protocol §9.3). */
function replayedReasoning(proof: ReasoningProof): JsonObject {
  switch (proof.type) {
    case 'signed':
      return { reasoningText: { text: proof.text, signature: proof.signature } };
    case 'opaque':
      return { signature: proof.signature };
    case 'redacted':
      return { redactedContent: proof.data };
  }
}

/** Longer ones are refused or cut by some hosts (protocol §4.8). */
const maxDescription = 9_000;

/** With more, Kiro refuses the request without saying why (protocol §4.8, trap 19); OpenAI's own limit is the same. */
const maxTools = 128;

/**
 * The names that a request may declare: the offered tools, and as many of those that only its history has as there is room.
 * Without any offered tool there are none, and history tells of its calls in words.
 */
function declarableTools(offered: readonly Tool[], turns: Conversation['turns']): Set<string> {
  const names = new Set(offered.map(({ name }) => name));
  if (names.size > maxTools) {
    const message = `This request offers ${names.size} tools; Kiro takes at most ${maxTools}. Switch some of them off.`;
    throw new TurnError('invalid-request', message, { param: 'tools' });
  }
  if (names.size === 0) return names;
  for (const turn of turns) {
    if (turn.role === 'user') continue;
    for (const { name } of turn.toolCalls) if (names.size < maxTools) names.add(name);
  }
  return names;
}

/** The offered tools, then a placeholder for each tool that history uses and nobody offers any more (protocol §4.7). */
function declaredTools(offered: readonly Tool[], entries: readonly Entry[], names: ToolNames): JsonObject[] {
  const tools = new Map<string, JsonObject>();
  for (const tool of offered) {
    const name = names.toWire(tool.name);
    const description = wellFormedSlice(tool.description, maxDescription) || `Tool: ${name}`;
    tools.set(name, toolSpecification(name, description, toKiroSchema(tool.inputSchema)));
  }
  for (const entry of entries) {
    if (entry.role !== 'assistant') continue;
    for (const call of entry.calls) {
      const name = names.toWire(call.name);
      if (!tools.has(name)) tools.set(name, toolSpecification(name, 'Tool', { type: 'object', properties: {} }));
    }
  }
  return [...tools.values()];
}

function toolSpecification(name: string, description: string, schema: JsonObject): JsonObject {
  return { toolSpecification: { name, description, inputSchema: { json: schema } } };
}

/** Cuts without leaving half of a surrogate pair behind, which no JSON parser would take. */
function wellFormedSlice(text: string, length: number): string {
  if (text.trim() === '') return '';
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}

/** What Kiro has no parameter for can only be asked for in words (protocol §4.5). */
function systemText(conversation: Conversation, names: ToolNames): string {
  const parts = [conversation.system];
  if (conversation.tools.length > 0) {
    if (conversation.toolChoice.type === 'required') parts.push('Answer by calling at least one of the tools.');
    if (conversation.toolChoice.type === 'tool') {
      parts.push(`Answer by calling the tool ${names.toWire(conversation.toolChoice.name)}, and no other.`);
    }
    if (conversation.oneCallAtATime) parts.push('Call at most one tool in an answer, then wait for its result.');
  }
  if (conversation.responseFormat.type === 'json') {
    parts.push('Answer with one JSON object and nothing else: no words around it, no code fence.');
  }
  if (conversation.responseFormat.type === 'json-schema') {
    parts.push(
      'Answer with one JSON value that is valid against this JSON Schema and nothing else: no words around it, no code ' +
        `fence.\n${JSON.stringify(conversation.responseFormat.schema)}`,
    );
  }
  return parts.filter((part) => part.trim() !== '').join('\n\n');
}

/** Of too many pictures the oldest become words, since what the user talks about now is among the newest. */
function withFewImages(entries: readonly Entry[], limit: number): readonly Entry[] {
  const count = entries.reduce((sum, entry) => sum + (entry.role === 'user' ? entry.images.length : 0), 0);
  let excess = count - limit;
  if (excess <= 0) return entries;
  return entries.map((entry) => {
    if (entry.role === 'assistant' || entry.images.length === 0 || excess <= 0) return entry;
    const dropped = Math.min(excess, entry.images.length);
    excess -= dropped;
    const note = dropped === 1 ? '[An image was left out.]' : `[${dropped} images were left out.]`;
    const text = entry.text === '' ? note : `${entry.text}\n\n${note}`;
    return { ...entry, text, images: entry.images.slice(dropped) };
  });
}
