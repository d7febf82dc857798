import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

/** A part of a screen with its own heading, which names it to screen readers. */
export function Card(props: {
  readonly title: string;
  readonly children?: ComponentChildren;
  /** What can be done with all of it, at the end of the heading's line. */
  readonly actions?: ComponentChildren;
  /** One line under the heading. */
  readonly detail?: ComponentChildren;
}) {
  const id = useId();
  return (
    <section class="card" aria-labelledby={id}>
      <header class="card-head">
        <div>
          <h2 id={id}>{props.title}</h2>
          {props.detail !== undefined && <p class="soft">{props.detail}</p>}
        </div>
        {props.actions !== undefined && <div class="card-actions">{props.actions}</div>}
      </header>
      {props.children}
    </section>
  );
}
