export type Tone = 'good' | 'warn' | 'bad' | 'idle' | 'accent';

/**
 * How much is used of something.
 * @param share 0 to 1; undefined when not known or without a limit, which draws an empty, dashed bar
 * @param text what a screen reader says instead of a percentage
 */
export function Meter(props: {
  readonly label: string;
  readonly share: number | undefined;
  readonly text: string;
  readonly tone?: Tone;
}) {
  const percent = Math.round(Math.max(0, Math.min(1, props.share ?? 0)) * 1000) / 10;
  return (
    <div
      class={`meter ${props.tone ?? 'accent'}`}
      role="meter"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      aria-valuetext={props.text}
      data-unknown={props.share === undefined ? '' : undefined}
    >
      {/* Preact sets this through the CSS object model, which the content security policy allows. */}
      <span class="meter-fill" style={{ '--share': `${percent}%` }} />
    </div>
  );
}
