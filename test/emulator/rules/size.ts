import { inputTokens } from '../accounting.ts';
import type { CatalogueModel } from '../catalogue.ts';
import { badRequest } from '../refusal.ts';
import { characterCount, type RequestView } from './view.ts';

/** A request larger than the window (protocol §4.8). `window` in tokens overrides the model's own. */
export function contextWindow(view: RequestView, model: CatalogueModel, window: number | undefined): void {
  const limit = window ?? model.tokenLimits.maxInputTokens;
  const tokens = inputTokens(characterCount(view));
  if (tokens > limit) {
    throw badRequest(
      'context-window',
      `${tokens} tokens of ${limit}`,
      'CONTENT_LENGTH_EXCEEDS_THRESHOLD',
      'Input is too long.',
    );
  }
}

/** More history than the service keeps (protocol §4.8). */
export function historyLength(view: RequestView): void {
  if (view.history.length > 10_000) {
    throw badRequest(
      'history-length',
      `${view.history.length} entries`,
      'CONTENT_LENGTH_EXCEEDS_THRESHOLD',
      'Input is too long.',
    );
  }
}
