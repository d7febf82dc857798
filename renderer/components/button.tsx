import type { ComponentChildren, Ref } from 'preact';
import { Icon, type IconName } from './icon.tsx';

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onClick?: () => void;
  /** `primary` is what most people want here: one on a screen. */
  readonly kind?: 'primary' | 'secondary' | 'quiet' | 'danger';
  readonly size?: 'normal' | 'small';
  readonly icon?: IconName;
  /** Under way: it can be seen, and pressing it does nothing. */
  readonly isBusy?: boolean;
  readonly isDisabled?: boolean;
  readonly type?: 'button' | 'submit';
  /** When the text alone does not say what it acts on. Begins with the text. */
  readonly label?: string;
  readonly describedBy?: string;
  readonly buttonRef?: Ref<HTMLButtonElement>;
}

/** Disabled by `aria-disabled`, so that it keeps the focus while it works. */
export function Button(props: ButtonProps) {
  const { kind = 'secondary', size = 'normal', isBusy = false, isDisabled = false } = props;
  return (
    <button
      ref={props.buttonRef ?? null}
      class={`button ${kind} ${size}`}
      type={props.type ?? 'button'}
      aria-disabled={isBusy || isDisabled ? 'true' : undefined}
      aria-busy={isBusy ? 'true' : undefined}
      aria-label={props.label}
      aria-describedby={props.describedBy}
      onClick={(event) => {
        if (isBusy || isDisabled) event.preventDefault();
        else props.onClick?.();
      }}
    >
      {isBusy ? <span class="spinner" aria-hidden="true" /> : props.icon && <Icon name={props.icon} />}
      <span>{props.children}</span>
    </button>
  );
}

/** A link that looks like a button, for going somewhere. */
export function ButtonLink(props: {
  readonly href: string;
  readonly children: ComponentChildren;
  readonly kind?: 'primary' | 'secondary' | 'quiet';
  readonly size?: 'normal' | 'small';
  readonly icon?: IconName;
  /** When the text alone does not say where it leads. Begins with the text. */
  readonly label?: string;
}) {
  return (
    <a
      class={`button ${props.kind ?? 'secondary'} ${props.size ?? 'normal'}`}
      href={props.href}
      aria-label={props.label}
    >
      {props.icon && <Icon name={props.icon} />}
      <span>{props.children}</span>
    </a>
  );
}

/** A button with a picture only; `label` is its name, shown when the pointer rests on it. */
export function IconButton(props: {
  readonly icon: IconName;
  readonly label: string;
  readonly onClick: () => void;
  readonly isPressed?: boolean;
  readonly isBusy?: boolean;
}) {
  return (
    <button
      class="icon-button"
      type="button"
      aria-label={props.label}
      title={props.label}
      aria-pressed={props.isPressed}
      aria-disabled={props.isBusy === true ? 'true' : undefined}
      onClick={() => {
        if (props.isBusy !== true) props.onClick();
      }}
    >
      {props.isBusy === true ? <span class="spinner" aria-hidden="true" /> : <Icon name={props.icon} />}
    </button>
  );
}
