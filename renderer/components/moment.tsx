import { countdown, fullTime, relative } from '../format/time.ts';
import { now, nowRoughly } from '../store/clock.ts';

/** "4 min ago", kept true, with the full time to look up. */
export function RelativeTime({ at }: { readonly at: number }) {
  return (
    <time dateTime={new Date(at).toISOString()} title={fullTime(at)}>
      {relative(at, nowRoughly.value)}
    </time>
  );
}

/** What is left until a moment, counted down each second. Screen readers are not told each second. */
export function Countdown({ until }: { readonly until: number }) {
  return (
    <time class="countdown" dateTime={new Date(until).toISOString()} title={fullTime(until)}>
      {countdown(until - now.value)}
    </time>
  );
}
