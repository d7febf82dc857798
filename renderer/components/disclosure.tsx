import type { ComponentChildren } from 'preact';
import { Icon } from './icon.tsx';

/** Details that most people do not need, behind a line that opens them. */
export function Disclosure(props: {
  readonly summary: ComponentChildren;
  readonly children: ComponentChildren;
  readonly isOpen?: boolean;
}) {
  return (
    <details class="disclosure" open={props.isOpen}>
      <summary>
        <Icon name="chevron" />
        <span>{props.summary}</span>
      </summary>
      <div class="disclosure-body">{props.children}</div>
    </details>
  );
}
