/**
 * The wizard's steps and what leads from one to the next, without any screen or engine: an event goes in, the next state comes
 * out. What waits for the engine is `wizard-store.ts`.
 */
import type { HandOffStepView, Output, ScreenContract } from '../../app/contract.ts';
import type { Failure } from '../bridge/screen-bridge.ts';
import { emptyDraft, isComplete, type Draft, type Way } from './draft.ts';

export type Added = Output<ScreenContract, 'login.wait'>;
export type Profile = NonNullable<Added['profiles']>[number];
export type KiroCli = Output<ScreenContract, 'sources.whoami'>;
export type Restored = NonNullable<Output<ScreenContract, 'desktop.restoreBackup'>>;

/** What the user compares with the page in the browser. `expiresAt` in epoch ms. */
export interface Prompt {
  readonly userCode: string;
  readonly url: string;
  readonly expiresAt: number;
}

/** A step where the user decides something, to which an error leads back. */
export type Question = 'way' | 'kind' | 'sources' | 'ahead' | 'key' | 'backup';

export type Work = 'starting' | 'importing' | 'adding-key' | 'restoring';

export type Step =
  | { readonly at: Question }
  | { readonly at: 'working'; readonly work: Work; readonly from: Question }
  | { readonly at: 'code'; readonly prompt: Prompt; readonly isCancelling: boolean }
  | { readonly at: 'hand-off'; readonly steps: readonly HandOffStepView[]; readonly isCancelling: boolean }
  | {
      readonly at: 'profile';
      readonly added: Added;
      readonly profiles: readonly Profile[];
      readonly isCharging: boolean;
      readonly error: Failure | undefined;
    }
  | { readonly at: 'done'; readonly added: Added; readonly kiroCli: Aftermath }
  | { readonly at: 'restored'; readonly restored: Restored }
  | { readonly at: 'failed'; readonly error: Failure; readonly from: Question; readonly isKiroCliBack: boolean };

/** What became of another program's login: not concerned, still being asked, what kiro-cli says, or nobody can be asked. */
export type Aftermath =
  | { readonly type: 'untouched' }
  | { readonly type: 'asking' }
  | { readonly type: 'asked'; readonly kiroCli: KiroCli }
  | { readonly type: 'put-back' | 'kept-new' | 'ide-forked' };

/** Something to know that happened before this step. */
export type Notice = 'cancelled' | 'cancelled-put-back' | 'window-closed' | 'found-again';

export interface Wizard {
  readonly draft: Draft;
  readonly step: Step;
  readonly notice: Notice | undefined;
}

export const beginning: Wizard = { draft: emptyDraft, step: { at: 'way' }, notice: undefined };

export type WizardEvent =
  | { readonly type: 'entered'; readonly way: Way }
  | { readonly type: 'changed'; readonly change: Partial<Draft> }
  | { readonly type: 'forward' | 'back' | 'cancelling' | 'charging' }
  | { readonly type: 'began'; readonly work: Work }
  | { readonly type: 'prompted'; readonly prompt: Prompt }
  | { readonly type: 'handed-off' }
  | { readonly type: 'news'; readonly steps: readonly HandOffStepView[] }
  | { readonly type: 'added'; readonly added: Added }
  | { readonly type: 'kiro-cli-asked'; readonly kiroCli: KiroCli }
  | { readonly type: 'labelled'; readonly label: string }
  | { readonly type: 'restored'; readonly restored: Restored }
  | { readonly type: 'failed'; readonly error: Failure }
  | { readonly type: 'cancelled' | 'window-closed' }
  | { readonly type: 'found-again'; readonly draft: Draft; readonly prompt: Prompt | undefined };

/** @returns the same state when the event means nothing at this step, such as a late answer */
export function next(state: Wizard, event: WizardEvent): Wizard {
  const { draft, step } = state;
  const to = (step: Step, notice?: Notice): Wizard => ({ draft, step, notice });
  switch (event.type) {
    case 'entered':
      return { draft: { ...draft, way: event.way }, step: { at: firstOf(event.way) }, notice: undefined };
    case 'changed':
      return { ...state, draft: { ...draft, ...event.change } };
    case 'forward':
      return forward(state);
    case 'back': {
      const before = beforeOf(step, draft);
      return before === undefined ? state : to({ at: before });
    }
    case 'began':
      return isQuestion(step) ? to({ at: 'working', work: event.work, from: step.at }) : state;
    case 'charging':
      return step.at === 'profile' ? { ...state, step: { ...step, isCharging: true, error: undefined } } : state;
    case 'prompted':
      return to({ at: 'code', prompt: event.prompt, isCancelling: false });
    case 'handed-off':
      return to({ at: 'hand-off', steps: [], isCancelling: false });
    case 'news':
      return step.at === 'hand-off' ? { ...state, step: { ...step, steps: [...step.steps, ...event.steps] } } : state;
    case 'cancelling':
      return step.at === 'code' || step.at === 'hand-off' ? { ...state, step: { ...step, isCancelling: true } } : state;
    case 'added':
      return to(afterAdding(event.added, state));
    case 'kiro-cli-asked':
      return step.at === 'done'
        ? { ...state, step: { ...step, kiroCli: { type: 'asked', kiroCli: event.kiroCli } } }
        : state;
    case 'labelled':
      return step.at === 'done' ? { ...state, step: { ...step, added: { ...step.added, label: event.label } } } : state;
    case 'restored':
      return to({ at: 'restored', restored: event.restored });
    case 'failed':
      return to(afterFailure(event.error, step));
    case 'cancelled':
      return to({ at: 'ahead' }, isPutBack(step) ? 'cancelled-put-back' : 'cancelled');
    case 'window-closed':
      return isQuestion(step) ? { ...state, notice: 'window-closed' } : state;
    case 'found-again':
      return {
        draft: event.draft,
        notice: 'found-again',
        step:
          event.prompt === undefined
            ? { at: 'hand-off', steps: [], isCancelling: false }
            : { at: 'code', prompt: event.prompt, isCancelling: false },
      };
  }
}

function firstOf(way: Way): Question {
  switch (way) {
    case 'browser':
    case 'hand-off':
      return 'kind';
    case 'sync':
      return 'sources';
    case 'api-key':
      return 'key';
    case 'backup':
      return 'backup';
  }
}

function forward(state: Wizard): Wizard {
  const { draft, step } = state;
  const to = (at: Question): Wizard => ({ draft, step: { at }, notice: undefined });
  if (step.at === 'way') return to(firstOf(draft.way));
  if (step.at === 'kind') return isComplete(draft) ? to('ahead') : state;
  if (step.at === 'sources') return draft.source === undefined ? state : to('ahead');
  return state;
}

/** Where "back" leads; undefined where something is under way, over, or nothing came before. */
function beforeOf(step: Step, { way }: Draft): Question | undefined {
  switch (step.at) {
    case 'kind':
    case 'sources':
    case 'key':
    case 'backup':
      return 'way';
    case 'ahead':
      return way === 'sync' ? 'sources' : 'kind';
    case 'failed':
      return step.from;
    case 'way':
    case 'working':
    case 'code':
    case 'hand-off':
    case 'profile':
    case 'done':
    case 'restored':
      return undefined;
  }
}

function isQuestion(step: Step): step is { at: Question } {
  return ['way', 'kind', 'sources', 'ahead', 'key', 'backup'].includes(step.at);
}

function afterAdding(added: Added, { draft, step }: Wizard): Step {
  if (added.result === 'failed' || added.id === null) {
    return afterFailure({ code: 'not-added', message: added.reason, hint: '' }, step);
  }
  if (added.profiles !== undefined && added.profiles.length > 0) {
    return { at: 'profile', added, profiles: added.profiles, isCharging: false, error: undefined };
  }
  return { at: 'done', added, kiroCli: aftermathOf(draft) };
}

function aftermathOf({ way, source, previous }: Draft): Aftermath {
  if (way === 'hand-off') return { type: previous === 'put-back' ? 'put-back' : 'kept-new' };
  if (way !== 'sync') return { type: 'untouched' };
  return { type: source?.from === 'kiro-ide' ? 'ide-forked' : 'asking' };
}

function afterFailure(error: Failure, step: Step): Step {
  const isKiroCliBack = isPutBack(step);
  if (step.at === 'profile') return { ...step, isCharging: false, error };
  return { at: 'failed', error, from: step.at === 'working' ? step.from : 'ahead', isKiroCliBack };
}

function isPutBack(step: Step): boolean {
  return step.at === 'hand-off' && step.steps.some(({ type }) => type === 'put-back');
}
