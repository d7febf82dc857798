import type { RequestView, SnapshotAccount } from '../../app/contract.ts';
import { labelOf } from '../account/label-of.ts';
import { Icon } from '../components/icon.tsx';
import { RelativeTime } from '../components/moment.tsx';
import { exactCredits } from '../format/credits.ts';
import { words } from '../messages/words.ts';
import { groupOf, outcomeLooks, outcomeText } from '../requests/outcome.ts';
import { act } from '../store/act.ts';

/** The newest request that is over, and the way to all of them. */
export function LastRequest(props: {
  readonly request: RequestView | undefined;
  readonly accounts: readonly SnapshotAccount[];
}) {
  const text = words.popover;
  const { request } = props;
  if (!request) return <p class="popover-last soft small">{text.noRequest}</p>;
  const { tone, icon } = outcomeLooks[groupOf(request.outcome)];
  return (
    <section class="popover-last" aria-label={text.lastRequest}>
      <button
        class="popover-request"
        type="button"
        onClick={() => void act('desktop.show', { route: `requests/${request.id}` })}
      >
        <span class={`tone-${tone}`}>
          <Icon name={icon} />
        </span>
        <span class="popover-request-text">
          <span class="popover-request-model">
            <span class="spoken">{text.lastRequest}: </span>
            {request.model}
          </span>
          <span class="soft small">
            {outcomeText(request.outcome)}
            {request.account !== null && ` · ${labelOf(request.account, props.accounts)}`} ·{' '}
            <RelativeTime at={request.at} />
          </span>
        </span>
        {request.credits !== null && (
          <span class="popover-request-credits">
            <span class="strong number">{exactCredits(request.credits)}</span>{' '}
            <span class="soft small">{text.credits}</span>
          </span>
        )}
      </button>
    </section>
  );
}
