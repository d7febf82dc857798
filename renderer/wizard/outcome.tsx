/** How it ended, where no account came of it or a backup was restored. */
import { Button, ButtonLink } from '../components/button.tsx';
import { Banner } from '../components/feedback.tsx';
import { RestoredList } from '../components/restored-list.tsx';
import { words } from '../messages/words.ts';
import { hrefOf } from '../store/route.ts';
import { StepBody } from './frame.tsx';
import type { Step } from './wizard-state.ts';
import { enter, goBack } from './wizard-store.ts';

export function Failed({ step }: { readonly step: Extract<Step, { at: 'failed' }> }) {
  const { again, otherWay, kiroCliBack, kept } = words.wizard.failed;
  return (
    <StepBody
      foot={
        <>
          <Button kind="quiet" onClick={() => enter()}>
            {otherWay}
          </Button>
          <Button kind="primary" icon="refresh" onClick={goBack}>
            {again}
          </Button>
        </>
      }
    >
      <Banner tone="bad" title={step.error.message}>
        {step.error.hint !== '' && <p>{step.error.hint}</p>}
      </Banner>
      <p class="soft">{step.isKiroCliBack ? kiroCliBack : kept}</p>
    </StepBody>
  );
}

export function RestoreDone({ step }: { readonly step: Extract<Step, { at: 'restored' }> }) {
  return (
    <StepBody
      foot={
        <ButtonLink href={hrefOf('overview')} kind="primary">
          {words.wizard.restored.done}
        </ButtonLink>
      }
    >
      <RestoredList restored={step.restored} />
    </StepBody>
  );
}
