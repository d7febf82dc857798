import { Button } from '../components/button.tsx';
import { Icon } from '../components/icon.tsx';
import { words } from '../messages/words.ts';
import { CodePanel } from './code-panel.tsx';
import { StepBody } from './frame.tsx';
import { handOffView, type Stage } from './hand-off-view.ts';
import { whoText } from './who.ts';
import type { Step } from './wizard-state.ts';

type At<N extends Step['at']> = Extract<Step, { at: N }>;

/** Waits until the code is confirmed in the browser. */
export function WaitForCode({ step, onCancel }: { readonly step: At<'code'>; readonly onCancel: () => void }) {
  return (
    <StepBody foot={<CancelButton isCancelling={step.isCancelling} onCancel={onCancel} />}>
      <p class="soft">{words.wizard.code.detail}</p>
      <CodePanel prompt={step.prompt} />
    </StepBody>
  );
}

/** What kiro-cli does, step by step, and its code while it waits for its user. */
export function FollowHandOff(props: {
  readonly step: At<'hand-off'>;
  readonly keepsNew: boolean;
  readonly onCancel: () => void;
}) {
  const { stages, prompt, previousUser, canCancel } = handOffView(props.step.steps, props.keepsNew);
  return (
    <StepBody
      foot={
        canCancel ? (
          <CancelButton isCancelling={props.step.isCancelling} onCancel={props.onCancel} />
        ) : (
          <p class="soft">{words.wizard.handOff.finishing}</p>
        )
      }
    >
      {prompt && (
        <>
          <p class="soft">{words.wizard.code.detail}</p>
          <CodePanel prompt={prompt} />
        </>
      )}
      <ol class="stages">
        {stages.map((stage) => (
          <StageLine key={stage.name} stage={stage} previousUser={previousUser} />
        ))}
      </ol>
    </StepBody>
  );
}

function StageLine({ stage, previousUser }: { readonly stage: Stage; readonly previousUser: string | undefined }) {
  const { state, signOutOf } = words.wizard.handOff;
  return (
    <li class={`stage ${stage.state}`} aria-current={stage.state === 'now' ? 'step' : undefined}>
      {stage.state === 'now' ? <span class="spinner" aria-hidden="true" /> : null}
      {stage.state === 'done' ? <Icon name="check" /> : null}
      {stage.state === 'ahead' ? <span class="stage-dot" aria-hidden="true" /> : null}
      <span>
        {stage.name === 'sign-out' && previousUser !== undefined
          ? signOutOf(whoText(previousUser))
          : stageText(stage.name)}
      </span>
      <span class="spoken">{state[stage.state]}</span>
    </li>
  );
}

/** What a stage does, in words. */
export function stageText(name: Stage['name']): string {
  return words.wizard.handOff.stages[name];
}

function CancelButton(props: { readonly isCancelling: boolean; readonly onCancel: () => void }) {
  const { cancel, cancelling } = words.wizard.code;
  return (
    <Button isBusy={props.isCancelling} onClick={props.onCancel}>
      {props.isCancelling ? cancelling : cancel}
    </Button>
  );
}
