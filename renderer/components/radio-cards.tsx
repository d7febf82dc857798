import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

/** Choices that need a sentence each: a radio group of rows. */
export function RadioCards<T extends string>(props: {
  readonly label: string;
  /** When the label stands on the screen already. */
  readonly isLabelHidden?: boolean;
  readonly value: T | undefined;
  readonly choices: readonly {
    readonly value: T;
    readonly title: string;
    readonly detail?: ComponentChildren;
    /** A word at the end, such as "Recommended". */
    readonly note?: string;
    readonly isDisabled?: boolean;
  }[];
  readonly onChange: (value: T) => void;
}) {
  const name = useId();
  return (
    <fieldset class="radio-cards">
      <legend class={props.isLabelHidden === true ? 'spoken' : 'field-label'}>{props.label}</legend>
      {props.choices.map((choice) => (
        <label key={choice.value} class="radio-card">
          <input
            type="radio"
            name={name}
            value={choice.value}
            checked={choice.value === props.value}
            disabled={choice.isDisabled === true}
            aria-labelledby={`${name}-${choice.value}-title`}
            aria-describedby={choice.detail === undefined ? undefined : `${name}-${choice.value}-detail`}
            onChange={() => props.onChange(choice.value)}
          />
          <span class="radio-card-text">
            <span class="radio-card-title" id={`${name}-${choice.value}-title`}>
              {choice.title}
              {choice.note !== undefined && <span class="tag">{choice.note}</span>}
            </span>
            {choice.detail !== undefined && (
              <span class="soft" id={`${name}-${choice.value}-detail`}>
                {choice.detail}
              </span>
            )}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
