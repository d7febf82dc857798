import type { ComponentChildren } from 'preact';
import { Button } from '../components/button.tsx';
import { words } from '../messages/words.ts';
import { goBack } from './wizard-store.ts';

/** A step that asks something: its content, and below it the way back and the way on. Enter goes on. */
export function StepForm(props: {
  readonly children: ComponentChildren;
  readonly onSubmit: () => void;
  /** What the button that goes on says. */
  readonly submit?: string;
  readonly canSubmit?: boolean;
  /** There is nothing before the first step. */
  readonly hasBack?: boolean;
}) {
  const { canSubmit = true, hasBack = true } = props;
  return (
    <form
      class="step"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (canSubmit) props.onSubmit();
      }}
    >
      {props.children}
      <footer class="step-foot">
        {hasBack && (
          <Button kind="quiet" icon="back" onClick={goBack}>
            {words.wizard.back}
          </Button>
        )}
        <Button kind="primary" type="submit" isDisabled={!canSubmit}>
          {props.submit ?? words.wizard.next}
        </Button>
      </footer>
    </form>
  );
}

/** A step that only leads back, or on by what is in it. */
export function StepBody(props: { readonly children: ComponentChildren; readonly foot?: ComponentChildren }) {
  return (
    <div class="step">
      {props.children}
      {props.foot !== undefined && <footer class="step-foot">{props.foot}</footer>}
    </div>
  );
}

/** Sentences, one below the other. */
export function Facts({ facts }: { readonly facts: readonly string[] }) {
  return (
    <ul class="facts">
      {facts.map((fact) => (
        <li key={fact}>{fact}</li>
      ))}
    </ul>
  );
}
