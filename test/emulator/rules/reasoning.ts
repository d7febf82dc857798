import { CONCRETE_AUTO_MODEL, reasoningFamily, type CatalogueModel } from '../catalogue.ts';
import { isObject, objectOf, type JsonObject } from '../json.ts';
import { badRequest, type Refusal } from '../refusal.ts';
import type { SignatureBook } from '../signatures.ts';
import type { RequestView } from './view.ts';

/** Replayed reasoning: its form for the model's family, and a signature that we issued (protocol §9.3). */
export function replayedReasoning({ assistants }: RequestView, model: CatalogueModel, book: SignatureBook): void {
  const concrete = model.modelId === 'auto' ? CONCRETE_AUTO_MODEL : model.modelId;
  for (const { raw, where } of assistants) {
    const reasoning = raw['reasoningContent'];
    if (reasoning === undefined || reasoning === null) continue;
    if (!isObject(reasoning) || Object.keys(reasoning).length !== 1) {
      throw badRequest('reasoning-one-member', `${where}: reasoningContent must have exactly one member`);
    }
    if (reasoningFamily(concrete) === 'gpt') blobForm(reasoning, where);
    else textForm(reasoning, where);
    const text = objectOf(reasoning['reasoningText'])['text'] ?? '';
    const signature = objectOf(reasoning['reasoningText'])['signature'] ?? reasoning['signature'];
    checkSignature(signature, text, concrete, where, book);
  }
}

/** GPT: the bare `signature`; the same value as `redactedContent` is refused. */
function blobForm(reasoning: JsonObject, where: string): void {
  if (typeof reasoning['signature'] !== 'string') {
    throw badRequest('reasoning-gpt-form', `${where}: this model takes {signature} only`);
  }
}

/** Claude and the others: `reasoningText{text, signature}`; nothing here ever issued `redactedContent`. */
function textForm(reasoning: JsonObject, where: string): void {
  const text = reasoning['reasoningText'];
  const members = Object.keys(objectOf(text));
  if (
    !isObject(text) ||
    typeof text['text'] !== 'string' ||
    members.some((member) => member !== 'text' && member !== 'signature')
  ) {
    throw badRequest('reasoning-text-form', `${where}: this model takes reasoningText {text, signature}`);
  }
  if (text['signature'] === undefined)
    throw invalidSignature('reasoning-unsigned', `${where}: reasoning text without signature`);
}

function checkSignature(signature: unknown, text: unknown, model: string, where: string, book: SignatureBook): void {
  if (signature === '') throw invalidSignature('reasoning-signature-empty', `${where}: empty signature`);
  const issued = typeof signature === 'string' ? book.find(signature) : undefined;
  if (issued === undefined)
    throw invalidSignature('reasoning-signature-unknown', `${where}: the signature was never issued`);
  if (issued.model !== model) {
    throw invalidSignature('reasoning-other-model', `${where}: issued for ${issued.model}, sent to ${model}`);
  }
  if (issued.text !== text)
    throw invalidSignature('reasoning-text-changed', `${where}: the text is not the one that was signed`);
}

function invalidSignature(rule: string, detail: string): Refusal {
  return badRequest(rule, detail, 'THINKING_SIGNATURE_INVALID', 'Invalid signature.');
}
