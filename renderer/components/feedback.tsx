/** What a screen shows in place of its content, and above it. */
import type { ComponentChildren } from 'preact';
import type { Failure } from '../bridge/screen-bridge.ts';
import { words } from '../messages/words.ts';
import { Advice } from './advice.tsx';
import { Button } from './button.tsx';
import { Icon, type IconName } from './icon.tsx';

/** Nothing there yet: why, and what to do about it. */
export function EmptyState(props: {
  readonly icon: IconName;
  readonly title: string;
  readonly detail: ComponentChildren;
  readonly action?: ComponentChildren;
}) {
  return (
    <div class="empty">
      <span class="empty-icon">
        <Icon name={props.icon} />
      </span>
      <h2>{props.title}</h2>
      <p class="soft">{props.detail}</p>
      {props.action}
    </div>
  );
}

/** A question that was not answered: what is wrong, what to do, and another try. */
export function ErrorState(props: {
  readonly error: Failure;
  /** What mends it, when that is known; another try comes after it. */
  readonly action?: ComponentChildren;
  readonly onRetry?: () => void;
}) {
  return (
    <div class="empty" role="alert">
      <span class="empty-icon bad">
        <Icon name="alert" />
      </span>
      <p class="strong">{props.error.message}</p>
      <p class="soft">
        <Advice text={props.error.hint} />
      </p>
      {props.action}
      {props.onRetry && (
        <Button icon="refresh" onClick={props.onRetry}>
          {words.common.retry}
        </Button>
      )}
    </div>
  );
}

/** Grey bars where the content will be. */
export function Skeleton({ lines = 3 }: { readonly lines?: number }) {
  return (
    <div class="skeleton" role="status">
      <span class="spoken">{words.common.loading}</span>
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} class="skeleton-line" aria-hidden="true" />
      ))}
    </div>
  );
}

/** Something to know about the whole screen, and what to do about it. */
export function Banner(props: {
  readonly tone: 'warn' | 'bad' | 'idle' | 'accent';
  readonly icon?: IconName;
  readonly title: string;
  readonly children?: ComponentChildren;
  readonly actions?: ComponentChildren;
}) {
  return (
    <div class={`banner ${props.tone}`} role="status">
      <Icon name={props.icon ?? 'alert'} />
      <div class="banner-text">
        <p class="strong">{props.title}</p>
        {props.children}
      </div>
      {props.actions !== undefined && <div class="banner-actions">{props.actions}</div>}
    </div>
  );
}
