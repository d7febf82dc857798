import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';
import type { Tone } from './meter.tsx';

/** A state, told by shape and text as well as by colour. */
export function StatusPill(props: {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly children: ComponentChildren;
}) {
  return (
    <span class={`pill ${props.tone}`}>
      <Icon name={props.icon} />
      <span>{props.children}</span>
    </span>
  );
}
