import { isArray, isObject, objectOf, type Json, type JsonObject } from '../json.ts';
import { badRequest } from '../refusal.ts';
import type { RequestView } from './view.ts';

const TOP_LEVEL = ['conversationState', 'profileArn', 'additionalModelRequestFields', 'agentMode', 'inferenceConfig'];
const STATE = [
  'conversationId',
  'chatTriggerType',
  'agentTaskType',
  'agentContinuationId',
  'customizationArn',
  'workspaceId',
  'history',
  'currentMessage',
];
const USER = [
  'content',
  'modelId',
  'origin',
  'images',
  'documents',
  'userInputMessageContext',
  'userIntent',
  'cachePoint',
  'clientCacheConfig',
];
const CONTEXT = [
  'tools',
  'toolResults',
  'additionalContext',
  'editorState',
  'shellState',
  'gitState',
  'envState',
  'appStudioContext',
  'diagnostic',
  'consoleState',
  'userSettings',
];
const ASSISTANT = [
  'content',
  'messageId',
  'toolUses',
  'reasoningContent',
  'cachePoint',
  'references',
  'supplementaryWebLinks',
  'followupPrompt',
];
const ORIGINS = [
  'AI_EDITOR',
  'CHATBOT',
  'CLI',
  'CONSOLE',
  'DOCUMENTATION',
  'GITLAB',
  'IDE',
  'INLINE_CHAT',
  'KIRO_CLI',
  'KIRO_WEB',
  'MARKETING',
  'MD',
  'MD_CE',
  'MD_IDE',
  'MOBILE',
  'OPENSEARCH_DASHBOARD',
  'Q_DEV_BEXT',
  'SAGE_MAKER',
  'SERVICE_INTERNAL',
  'SM_AI_STUDIO_IDE',
  'UNIFIED_SEARCH',
  'UNKNOWN',
];

/** The members and types of protocol §4.5, in the order in which they are met. */
export const SHAPE_RULES: readonly ((view: RequestView) => void)[] = [
  topLevelMembers,
  conversationState,
  chatTriggerType,
  agentTaskType,
  currentMessage,
  historyEntries,
  userMembers,
  imagesInContext,
  contextMembers,
  assistantMembers,
  contentIsText,
  origin,
  modelIdIsText,
  emptyArrays,
];

function topLevelMembers({ body }: RequestView): void {
  onlyMembers(body, TOP_LEVEL, 'top-level-members', 'the body');
  if (body['profileArn'] !== undefined && typeof body['profileArn'] !== 'string') {
    throw badRequest('top-level-members', 'profileArn must be a string');
  }
}

function conversationState({ body, state }: RequestView): void {
  if (!isObject(body['conversationState'])) throw badRequest('conversation-state', 'conversationState is missing');
  onlyMembers(state, STATE, 'conversation-state', 'conversationState');
  for (const member of ['conversationId', 'agentContinuationId']) {
    const value = state[member];
    if (value !== undefined && (typeof value !== 'string' || value === '' || value.length > 128)) {
      throw badRequest(
        'conversation-state',
        `${member} must be a string of 1–128 characters`,
        'INVALID_CONVERSATION_ID',
      );
    }
  }
}

function chatTriggerType({ state }: RequestView): void {
  if (!isOneOf(state['chatTriggerType'], ['MANUAL', 'DIAGNOSTIC', 'INLINE_CHAT'])) {
    throw badRequest('chat-trigger-type', `chatTriggerType ${JSON.stringify(state['chatTriggerType'])}`);
  }
}

function agentTaskType({ state }: RequestView): void {
  if (state['agentTaskType'] !== undefined && !isOneOf(state['agentTaskType'], ['vibe', 'spectask'])) {
    throw badRequest('agent-task-type', `agentTaskType ${JSON.stringify(state['agentTaskType'])}`);
  }
}

function currentMessage({ state }: RequestView): void {
  const message = objectOf(state['currentMessage']);
  if (!isObject(message['userInputMessage']) || Object.keys(message).length !== 1) {
    throw badRequest('current-message', 'currentMessage must hold exactly one userInputMessage');
  }
}

function historyEntries({ state }: RequestView): void {
  const history = state['history'];
  if (history === undefined || history === null) return;
  if (!isArray(history)) throw badRequest('history-entries', 'history must be an array');
  history.forEach((entry, index) => {
    const members = Object.keys(objectOf(entry));
    const [member] = members;
    const isTurn = member === 'userInputMessage' || member === 'assistantResponseMessage';
    if (members.length !== 1 || !isTurn || !isObject(objectOf(entry)[member])) {
      throw badRequest('history-entries', `history[${index}] must be one userInputMessage or assistantResponseMessage`);
    }
  });
}

function userMembers({ users }: RequestView): void {
  for (const user of users) onlyMembers(user.raw, USER, 'user-members', user.where);
}

/** Images belong to the message, not to its context (protocol §4.5). */
function imagesInContext({ users }: RequestView): void {
  for (const user of users) {
    if (user.context['images'] !== undefined)
      throw badRequest('image-in-context', `${user.where} has images in its context`);
  }
}

function contextMembers({ users }: RequestView): void {
  for (const user of users) {
    const context = user.raw['userInputMessageContext'];
    if (context === undefined) continue;
    if (!isObject(context))
      throw badRequest('context-members', `${user.where}: userInputMessageContext must be an object`);
    onlyMembers(context, CONTEXT, 'context-members', `${user.where} context`);
    for (const member of ['tools', 'toolResults']) {
      if (context[member] !== undefined && !isArray(context[member])) {
        throw badRequest('context-members', `${user.where}: ${member} must be an array`);
      }
    }
  }
}

function assistantMembers({ assistants }: RequestView): void {
  for (const assistant of assistants) {
    onlyMembers(assistant.raw, ASSISTANT, 'assistant-members', assistant.where);
    if (assistant.raw['toolUses'] !== undefined && !isArray(assistant.raw['toolUses'])) {
      throw badRequest('assistant-members', `${assistant.where}: toolUses must be an array`);
    }
  }
}

function contentIsText({ turns }: RequestView): void {
  for (const turn of turns) {
    if (typeof turn.raw['content'] !== 'string')
      throw badRequest('content-text', `${turn.where}: content must be a string`);
  }
}

function origin({ users }: RequestView): void {
  for (const user of users) {
    const value = user.raw['origin'];
    if (value !== undefined && !isOneOf(value, ORIGINS))
      throw badRequest('origin', `${user.where}: origin ${JSON.stringify(value)}`);
  }
}

function modelIdIsText({ users }: RequestView): void {
  for (const user of users) {
    const value = user.raw['modelId'];
    if (value !== undefined && (typeof value !== 'string' || value === '')) {
      throw badRequest(
        'model-id',
        `${user.where}: modelId must be a non-empty string`,
        'INVALID_MODEL_ID',
        'Invalid model ID.',
      );
    }
  }
}

/** Empty arrays must be left out (protocol §4.7). */
function emptyArrays({ users, assistants }: RequestView): void {
  const isEmpty = (value: Json | undefined): boolean => isArray(value) && value.length === 0;
  for (const user of users) {
    for (const member of ['toolResults', 'tools']) {
      if (isEmpty(user.context[member])) throw badRequest('empty-array', `${user.where}: ${member} is empty`);
    }
    for (const member of ['images', 'documents']) {
      if (isEmpty(user.raw[member])) throw badRequest('empty-array', `${user.where}: ${member} is empty`);
    }
  }
  for (const assistant of assistants) {
    if (isEmpty(assistant.raw['toolUses'])) throw badRequest('empty-array', `${assistant.where}: toolUses is empty`);
  }
}

function onlyMembers(value: JsonObject, allowed: readonly string[], rule: string, where: string): void {
  const unknown = Object.keys(value).find((member) => !allowed.includes(member));
  if (unknown !== undefined) throw badRequest(rule, `${where} has the unknown member ${unknown}`);
}

function isOneOf(value: Json | undefined, allowed: readonly string[]): boolean {
  return typeof value === 'string' && allowed.includes(value);
}
