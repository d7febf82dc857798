/**
 * The login wizard: how an account comes into the pool (DESIGN §4). One screen whose steps are states of `wizard-state.ts`;
 * each step's heading gets the focus, and Escape goes one step back.
 */
import { useEffect, useState } from 'preact/hooks';
import { ConfirmDialog } from '../components/dialog.tsx';
import { Banner, Skeleton } from '../components/feedback.tsx';
import { count } from '../format/amount.ts';
import { words } from '../messages/words.ts';
import type { ScreenProps } from '../screens.tsx';
import { Screen } from '../shell/screen.tsx';
import { navigate } from '../store/route.ts';
import { Ahead } from './ahead.tsx';
import { ChooseKind } from './choose-kind.tsx';
import { ChooseProfile } from './choose-profile.tsx';
import { ChooseSource } from './choose-source.tsx';
import { ChooseWay } from './choose-way.tsx';
import { Done } from './done.tsx';
import { isWay } from './draft.ts';
import { AddKey, RestoreBackup } from './from-secret.tsx';
import { StepBody } from './frame.tsx';
import { handOffView } from './hand-off-view.ts';
import { Failed, RestoreDone } from './outcome.tsx';
import { progressOf } from './progress.ts';
import { FollowHandOff, stageText, WaitForCode } from './waiting.tsx';
import type { Step, Wizard as State } from './wizard-state.ts';
import { cancelSignIn, enter, goBack, isUnderWay, resume, wizard } from './wizard-store.ts';

/** @param rest the way in, such as `api-key`; empty to choose one */
export function Wizard({ rest }: ScreenProps) {
  const [asksToCancel, setAsksToCancel] = useState(false);
  useEffect(() => {
    if (isUnderWay.value) return;
    enter(isWay(rest) ? rest : undefined);
    void resume();
  }, [rest]);
  const { step } = wizard.value;
  const askToCancel = (): void => setAsksToCancel(true);
  useEscape(() => {
    if (isUnderWay.value) askToCancel();
    else if (wizard.value.step.at === 'way') navigate('overview');
    else goBack();
  });
  return (
    <div class="wizard">
      <p class="spoken" role="status">
        {spoken(wizard.value)}
      </p>
      <Screen key={step.at} title={titleOf(step)} width="narrow" actions={<StepCount />}>
        <Note />
        <Content step={step} onCancel={askToCancel} />
      </Screen>
      {asksToCancel && isUnderWay.value && <ConfirmCancel onClose={() => setAsksToCancel(false)} />}
    </div>
  );
}

function Content({ step, onCancel }: { readonly step: Step; readonly onCancel: () => void }) {
  switch (step.at) {
    case 'way':
      return <ChooseWay />;
    case 'kind':
      return <ChooseKind />;
    case 'sources':
      return <ChooseSource />;
    case 'ahead':
      return <Ahead />;
    case 'key':
      return <AddKey />;
    case 'backup':
      return <RestoreBackup />;
    case 'working':
      return (
        <StepBody>
          <p class="soft">{words.wizard.working[step.work].detail}</p>
          <Skeleton lines={4} />
        </StepBody>
      );
    case 'code':
      return <WaitForCode step={step} onCancel={onCancel} />;
    case 'hand-off':
      return <FollowHandOff step={step} keepsNew={wizard.value.draft.previous === 'keep-new'} onCancel={onCancel} />;
    case 'profile':
      return <ChooseProfile step={step} />;
    case 'done':
      return <Done step={step} />;
    case 'restored':
      return <RestoreDone step={step} />;
    case 'failed':
      return <Failed step={step} />;
  }
}

function titleOf(step: Step): string {
  const { wizard: texts } = words;
  switch (step.at) {
    case 'working':
      return texts.working[step.work].title;
    case 'done':
      return step.added.result === 'updated' ? texts.done.updated : texts.done.added;
    case 'hand-off':
      return texts.handOff.title;
    case 'way':
    case 'kind':
    case 'sources':
    case 'ahead':
    case 'key':
    case 'backup':
    case 'code':
    case 'profile':
    case 'restored':
    case 'failed':
      return texts[step.at].title;
  }
}

function StepCount() {
  const progress = progressOf(wizard.value);
  if (!progress) return null;
  return <span class="soft">{words.wizard.stepOf(count(progress.step), count(progress.of))}</span>;
}

function Note() {
  const { notice } = wizard.value;
  if (notice === undefined) return null;
  return <Banner tone="idle" icon="info" title={words.wizard.notices[notice]} />;
}

/** What a screen reader is told as it goes on: the step, and within a sign-in with kiro-cli what it does now. */
function spoken(state: State): string {
  const { step, draft } = state;
  if (step.at === 'hand-off') {
    const stage = handOffView(step.steps, draft.previous === 'keep-new').stages.find(({ state }) => state === 'now');
    return stage === undefined ? titleOf(step) : stageText(stage.name);
  }
  const progress = progressOf(state);
  return progress ? words.wizard.progress(count(progress.step), count(progress.of), titleOf(step)) : titleOf(step);
}

function ConfirmCancel({ onClose }: { readonly onClose: () => void }) {
  const { title, detail, handOff, confirm, dismiss } = words.wizard.code.confirmCancel;
  return (
    <ConfirmDialog
      title={title}
      confirm={confirm}
      dismiss={dismiss}
      onConfirm={() => {
        onClose();
        void cancelSignIn();
      }}
      onClose={onClose}
    >
      <p>{detail}</p>
      {wizard.value.step.at === 'hand-off' && <p>{handOff}</p>}
    </ConfirmDialog>
  );
}

/** A dialog or a menu that is open takes Escape for itself. */
function useEscape(onEscape: () => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      if (document.querySelector('dialog[open], :popover-open')) return;
      onEscape();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
}
