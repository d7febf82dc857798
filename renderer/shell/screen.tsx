import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { words } from '../messages/words.ts';

/** Only a change of screens moves the focus: a window that opens begins at its top. */
let isFirst = true;

/** A screen of the dashboard: its heading, what can be done with the whole of it, and its content. */
export function Screen(props: {
  readonly title: string;
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
  /** `narrow` is one column in the middle, for what leads through something. */
  readonly width?: 'wide' | 'narrow';
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = words.shell.documentTitle(props.title);
  }, [props.title]);
  useEffect(() => {
    if (!isFirst) heading.current?.focus();
    isFirst = false;
  }, []);
  return (
    <div class={props.width === 'narrow' ? 'screen narrow' : 'screen'}>
      <header class="screen-head">
        <h1 ref={heading} tabIndex={-1}>
          {props.title}
        </h1>
        {props.actions !== undefined && <div class="screen-actions">{props.actions}</div>}
      </header>
      {props.children}
    </div>
  );
}
