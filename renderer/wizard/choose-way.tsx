import { RadioCards } from '../components/radio-cards.tsx';
import { words } from '../messages/words.ts';
import { ways } from './draft.ts';
import { StepForm } from './frame.tsx';
import { change, goOn, wizard } from './wizard-store.ts';

export function ChooseWay() {
  const { title, recommended, choices } = words.wizard.way;
  return (
    <StepForm onSubmit={goOn} hasBack={false}>
      <RadioCards
        label={title}
        isLabelHidden
        value={wizard.value.draft.way}
        choices={ways.map((way) => ({
          value: way,
          ...choices[way],
          ...(way === 'browser' ? { note: recommended } : {}),
        }))}
        onChange={(way) => change({ way })}
      />
    </StepForm>
  );
}
