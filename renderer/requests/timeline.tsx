import type { RequestView } from '../../app/contract.ts';
import { duration } from '../format/amount.ts';
import { preciseClock } from '../format/time.ts';
import { words } from '../messages/words.ts';
import { groupOf } from './outcome.ts';

/** From the moment a request came to its end: how long it waited, and how long it streamed. */
export function Timeline({ request: { at, firstTokenMs, totalMs, outcome } }: { readonly request: RequestView }) {
  const text = words.requests.timeline;
  if (totalMs === null) return <p class="soft">{text.unknown}</p>;
  const waited = firstTokenMs ?? totalMs;
  const streamed = Math.max(0, totalMs - waited);
  const hasFailed = groupOf(outcome) === 'failed';
  return (
    <figure style={{ '--waited': waited, '--streamed': streamed }}>
      <div
        class="timeline-bar"
        role="img"
        aria-label={
          firstTokenMs === null
            ? text.spokenNoToken(duration(totalMs))
            : text.spoken(duration(firstTokenMs), duration(totalMs))
        }
      >
        <span class="timeline-wait" />
        {firstTokenMs !== null && <span class={hasFailed ? 'timeline-stream bad' : 'timeline-stream'} />}
      </div>
      <ol class="timeline-marks">
        <li>
          <span class="soft small">{text.received}</span>
          <span class="number">{preciseClock(at)}</span>
        </li>
        {firstTokenMs !== null && (
          <li class={waited > streamed ? 'timeline-first late' : 'timeline-first'}>
            <span>
              <span class="soft small">{text.firstToken}</span>{' '}
              <span class="number">{text.after(duration(firstTokenMs))}</span>
            </span>
          </li>
        )}
        <li>
          <span class="soft small">{hasFailed ? text.failed : text.end}</span>
          <span class="number">{text.after(duration(totalMs))}</span>
        </li>
      </ol>
    </figure>
  );
}
