import type { ComponentChildren, Ref } from 'preact';
import { useId } from 'preact/hooks';
import { Icon } from './icon.tsx';

interface FieldProps {
  readonly label: string;
  readonly isLabelHidden?: boolean;
  readonly hint?: string | undefined;
  /** Why what stands there cannot be taken. */
  readonly error?: string | undefined;
}

/** A label, a control, a hint and what is wrong, tied together for screen readers. */
function Field(props: FieldProps & { readonly id: string; readonly children: ComponentChildren }) {
  return (
    <div class="field">
      <label class={props.isLabelHidden === true ? 'spoken' : 'field-label'} for={props.id}>
        {props.label}
      </label>
      {props.children}
      {props.hint !== undefined && (
        <p class="soft" id={`${props.id}-hint`}>
          {props.hint}
        </p>
      )}
      {props.error !== undefined && <FieldError id={props.id} text={props.error} />}
    </div>
  );
}

function described(id: string, { hint, error }: Pick<FieldProps, 'hint' | 'error'>): string | undefined {
  const ids = [...(hint === undefined ? [] : [`${id}-hint`]), ...(error === undefined ? [] : [`${id}-error`])];
  return ids.length === 0 ? undefined : ids.join(' ');
}

export function TextField(
  props: FieldProps & {
    readonly value: string;
    readonly onInput: (value: string) => void;
    /** A `password` is drawn as dots; the others say which keyboard touch screens show. */
    readonly type?: 'text' | 'password' | 'url' | 'decimal';
    readonly placeholder?: string;
    readonly maxLength?: number;
    /** A unit after the field. */
    readonly unit?: string;
    /** What is done with the text, beside the field. */
    readonly action?: ComponentChildren;
    readonly autoComplete?: string;
    readonly inputRef?: Ref<HTMLInputElement>;
  },
) {
  const id = useId();
  const shared = {
    ref: props.inputRef ?? null,
    class: 'input',
    id,
    value: props.value,
    placeholder: props.placeholder,
    maxLength: props.maxLength,
    inputMode: props.type === 'password' ? undefined : props.type,
    autoComplete: props.autoComplete ?? 'off',
    spellcheck: false,
    'aria-invalid': props.error === undefined ? undefined : ('true' as const),
    'aria-describedby': described(id, props),
    onInput: (event: InputEvent & { readonly currentTarget: HTMLInputElement }) =>
      props.onInput(event.currentTarget.value),
  };
  return (
    <Field {...props} id={id}>
      <span class="input-row">
        {props.type === 'password' ? <input type="password" {...shared} /> : <input type="text" {...shared} />}
        {props.unit !== undefined && <span class="soft">{props.unit}</span>}
        {props.action}
      </span>
    </Field>
  );
}

export function SelectField<T extends string>(
  props: FieldProps & {
    readonly value: T;
    readonly choices: readonly { readonly value: T; readonly text: string }[];
    readonly onChange: (value: T) => void;
  },
) {
  const id = useId();
  return (
    <Field {...props} id={id}>
      <span class="select">
        <select
          id={id}
          aria-describedby={described(id, props)}
          onChange={(event) => {
            const chosen = props.choices[event.currentTarget.selectedIndex];
            if (chosen) props.onChange(chosen.value);
          }}
        >
          {props.choices.map(({ value, text }) => (
            <option key={value} value={value} selected={value === props.value}>
              {text}
            </option>
          ))}
        </select>
        <Icon name="chevron" />
      </span>
    </Field>
  );
}

/** On or off, at once. */
export function Switch(props: {
  readonly label: string;
  readonly detail?: ComponentChildren;
  readonly isOn: boolean;
  readonly isDisabled?: boolean;
  readonly onChange: (isOn: boolean) => void;
}) {
  const id = useId();
  return (
    <div class="switch-row">
      <div>
        <span class="field-label" id={`${id}-label`}>
          {props.label}
        </span>
        {props.detail !== undefined && (
          <p class="soft" id={`${id}-detail`}>
            {props.detail}
          </p>
        )}
      </div>
      <button
        class="switch"
        type="button"
        role="switch"
        aria-checked={props.isOn}
        aria-disabled={props.isDisabled === true ? 'true' : undefined}
        aria-labelledby={`${id}-label`}
        aria-describedby={props.detail === undefined ? undefined : `${id}-detail`}
        onClick={() => {
          if (props.isDisabled !== true) props.onChange(!props.isOn);
        }}
      >
        <span class="switch-thumb" />
      </button>
    </div>
  );
}

/** A tick that is needed, or asked for. */
export function Checkbox(props: {
  readonly label: ComponentChildren;
  readonly isChecked: boolean;
  readonly error?: string | undefined;
  readonly onChange: (isChecked: boolean) => void;
}) {
  const id = useId();
  return (
    <div class="field">
      <label class="checkbox">
        <input
          type="checkbox"
          checked={props.isChecked}
          aria-invalid={props.error === undefined ? undefined : 'true'}
          aria-describedby={props.error === undefined ? undefined : `${id}-error`}
          onChange={(event) => props.onChange(event.currentTarget.checked)}
        />
        <span>{props.label}</span>
      </label>
      {props.error !== undefined && <FieldError id={id} text={props.error} />}
    </div>
  );
}

function FieldError({ id, text }: { readonly id: string; readonly text: string }) {
  return (
    <p class="field-error" id={`${id}-error`} role="alert">
      <Icon name="alert" />
      <span>{text}</span>
    </p>
  );
}
