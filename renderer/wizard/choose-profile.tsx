import { useState } from 'preact/hooks';
import { Banner } from '../components/feedback.tsx';
import { RadioCards } from '../components/radio-cards.tsx';
import { words } from '../messages/words.ts';
import { StepForm } from './frame.tsx';
import type { Step } from './wizard-state.ts';
import { chooseProfile } from './wizard-store.ts';

/** Which of several profiles pays; the account is in the pool already, and waits. */
export function ChooseProfile({ step }: { readonly step: Extract<Step, { at: 'profile' }> }) {
  const { title, detail, unnamed, confirm } = words.wizard.profile;
  const [arn, setArn] = useState<string>();
  const { added, profiles, isCharging, error } = step;
  return (
    <StepForm
      hasBack={false}
      submit={confirm}
      canSubmit={arn !== undefined && !isCharging}
      onSubmit={() => {
        if (arn !== undefined && added.id !== null) void chooseProfile(added.id, arn);
      }}
    >
      <p class="soft">{detail}</p>
      {error && (
        <Banner tone="bad" title={error.message}>
          <p>{error.hint}</p>
        </Banner>
      )}
      <RadioCards
        label={title}
        isLabelHidden
        value={arn}
        choices={profiles.map((profile) => ({
          value: profile.arn,
          title: profile.name ?? unnamed,
          detail: <span class="path">{profile.arn}</span>,
        }))}
        onChange={setArn}
      />
    </StepForm>
  );
}
