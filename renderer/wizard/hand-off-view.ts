import type { HandOffStepView } from '../../app/contract.ts';
import type { Prompt } from './wizard-state.ts';

type Who = Extract<HandOffStepView, { type: 'already-signed-in' }>['who'];

/** One line of what a sign-in with kiro-cli does, as far as it has come. */
export interface Stage {
  readonly name: 'check' | 'back-up' | 'sign-out' | 'confirm' | 'take' | 'put-back';
  readonly state: 'done' | 'now' | 'ahead';
}

/** What a screen shows of a sign-in with kiro-cli, from the steps that it has told. */
export interface HandOffView {
  readonly stages: readonly Stage[];
  /** While kiro-cli waits for its user, and no longer. */
  readonly prompt: Prompt | undefined;
  /** The login that kiro-cli had: its e-mail, its organisation's start URL, or kiro-cli's name of its kind. */
  readonly previousUser: string | undefined;
  /** Once kiro-cli is signed in, it is too late. */
  readonly canCancel: boolean;
}

/** @param keepsNew whether kiro-cli keeps the new login, so that nothing is put back */
export function handOffView(steps: readonly HandOffStepView[], keepsNew: boolean): HandOffView {
  const told = new Set(steps.map(({ type }) => type));
  const who = steps.find((step) => step.type === 'already-signed-in')?.who;
  const waiting = steps.findLast((step) => step.type === 'waiting');
  const isSignedIn = told.has('signed-in');
  const isOver = (['put-back', 'done', 'failed', 'cancelled'] as const).some((type) => told.has(type));
  const reached: readonly (readonly [Stage['name'], boolean])[] = [
    ['check', told.has('already-signed-in') || told.has('backed-up')],
    ['back-up', told.has('backed-up')],
    ...(who === undefined ? [] : [['sign-out', told.has('signed-out')] as const]),
    ['confirm', isSignedIn],
    ['take', told.has('put-back') || told.has('done')],
    ...(keepsNew ? [] : [['put-back', told.has('put-back')] as const]),
  ];
  const current = reached.findIndex(([, isDone]) => !isDone);
  return {
    stages: reached.map(([name, isDone], index) => ({
      name,
      state: isDone ? 'done' : index === current ? 'now' : 'ahead',
    })),
    prompt: waiting !== undefined && !isSignedIn && !isOver ? waiting : undefined,
    previousUser: who === undefined ? undefined : nameOf(who),
    canCancel: !isSignedIn && !isOver,
  };
}

function nameOf(who: Who): string {
  // A Builder ID has a start URL as well, the same for everybody.
  return who.email ?? (who.accountType === 'IamIdentityCenter' ? who.startUrl : undefined) ?? who.accountType;
}
