import type { RequestView, SnapshotAccount } from '../../app/contract.ts';
import { labelOf } from '../account/label-of.ts';
import { Icon } from '../components/icon.tsx';
import { words } from '../messages/words.ts';

/** Each account that could have served, and why it did or did not. */
export function Decision(props: { readonly request: RequestView; readonly accounts: readonly SnapshotAccount[] }) {
  const text = words.requests.decision;
  const { decision } = props.request;
  if (decision.length === 0) return <p class="soft">{text.none}</p>;
  return (
    <ul class="decision">
      {decision.map(({ account, chosen, reason }) => (
        <li key={account} class={chosen ? 'chosen' : undefined}>
          <Icon name={chosen ? 'check' : 'close'} />
          <div>
            <p class="strong">
              {labelOf(account, props.accounts)}
              <span class="spoken"> – {chosen ? text.chosen : text.notChosen}</span>
            </p>
            <p class="soft">{sentence(reason)}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}

/** The engine says reasons as the rest of a sentence. */
function sentence(reason: string): string {
  return reason.charAt(0).toUpperCase() + reason.slice(1);
}
