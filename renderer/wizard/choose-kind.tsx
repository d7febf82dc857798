import { useRef, useState } from 'preact/hooks';
import { TextField } from '../components/field.tsx';
import { RadioCards } from '../components/radio-cards.tsx';
import { words } from '../messages/words.ts';
import { mistakesOf, type SignInKind } from './draft.ts';
import { StepForm } from './frame.tsx';
import { change, goOn, wizard } from './wizard-store.ts';

const kinds: readonly SignInKind[] = ['google', 'github', 'builder-id', 'identity-center'];

/** Names the kind of account before any browser opens, and where an organisation signs in. */
export function ChooseKind() {
  const { draft } = wizard.value;
  const { title, choices, startUrl, region } = words.wizard.kind;
  const [isTried, setTried] = useState(false);
  const urlField = useRef<HTMLInputElement>(null);
  const regionField = useRef<HTMLInputElement>(null);
  const mistakes = mistakesOf(draft);
  const submit = (): void => {
    setTried(true);
    if (mistakes.startUrl) urlField.current?.focus();
    else if (mistakes.region) regionField.current?.focus();
    else goOn();
  };
  return (
    <StepForm onSubmit={submit}>
      <RadioCards
        label={title}
        isLabelHidden
        value={draft.kind}
        choices={kinds.map((kind) => ({ value: kind, ...choices[kind] }))}
        onChange={(kind) => change({ kind })}
      />
      {draft.kind === 'identity-center' && (
        <div class="step-fields">
          <TextField
            label={startUrl.label}
            hint={startUrl.hint}
            error={isTried && mistakes.startUrl ? errorOf(draft.startUrl, startUrl) : undefined}
            type="url"
            value={draft.startUrl}
            inputRef={urlField}
            onInput={(value) => change({ startUrl: value })}
          />
          <TextField
            label={region.label}
            hint={region.hint}
            error={isTried && mistakes.region ? errorOf(draft.region, region) : undefined}
            value={draft.region}
            inputRef={regionField}
            onInput={(value) => change({ region: value })}
          />
        </div>
      )}
    </StepForm>
  );
}

function errorOf(typed: string, { missing, error }: { readonly missing: string; readonly error: string }): string {
  return typed.trim() === '' ? missing : error;
}
