import type { Account } from '../accounts.ts';
import type { CatalogueModel } from '../catalogue.ts';
import type { JsonObject } from '../json.ts';
import { badRequest } from '../refusal.ts';
import type { SignatureBook } from '../signatures.ts';
import { ATTACHMENT_RULES } from './attachments.ts';
import { modelFields } from './model-fields.ts';
import { replayedReasoning } from './reasoning.ts';
import { profileRule } from './profile.ts';
import { SHAPE_RULES } from './shape.ts';
import { contextWindow, historyLength } from './size.ts';
import { TOOL_PAIR_RULES } from './tool-pairs.ts';
import { TOOL_RULES } from './tools.ts';
import { TURN_RULES } from './turns.ts';
import { viewOf, type RequestView } from './view.ts';

/** Who asks, and where. */
export interface GenerateContext {
  readonly account: Account;
  readonly host: string;
  readonly region: string;
  readonly signatures: SignatureBook;
  readonly profileArn: string | undefined;
}

/** Checks a generate body against every rule; throws the Refusal of the first one broken, else returns view and model. */
export function checkGenerate(
  body: JsonObject,
  context: GenerateContext,
): { view: RequestView; model: CatalogueModel } {
  const view = viewOf(body);
  for (const rule of SHAPE_RULES) rule(view);
  profileRule(context.account, context.host, context.region, context.profileArn);
  const model = chosenModel(view, context);
  for (const rule of [...TURN_RULES, ...TOOL_RULES, ...TOOL_PAIR_RULES]) rule(view);
  for (const rule of ATTACHMENT_RULES) rule(view, model);
  modelFields(view, model);
  replayedReasoning(view, model, context.signatures);
  historyLength(view);
  contextWindow(view, model, context.account.contextWindow);
  return { view, model };
}

/** The model must be in the account's own catalogue; without an id the default answers (protocol §7.3, §8). */
function chosenModel(view: RequestView, { account, host, profileArn }: GenerateContext): CatalogueModel {
  const wanted = view.modelId === '' ? 'auto' : view.modelId;
  const model = account.models.find((candidate) => candidate.modelId === wanted);
  if (model === undefined) {
    throw badRequest(
      'model-unknown',
      `${wanted} is not in the plan of ${account.id}`,
      'INVALID_MODEL_ID',
      'Invalid model ID.',
    );
  }
  // Without a profile q serves the Claude family only (protocol §4.1).
  const isBare = account.kind === 'builder-id' && host === 'q' && profileArn === undefined;
  if (isBare && wanted !== 'auto' && !wanted.startsWith('claude-')) {
    throw badRequest(
      'model-needs-profile',
      `${wanted} on q without profileArn`,
      'INVALID_MODEL_ID',
      'Invalid model ID.',
    );
  }
  return model;
}
