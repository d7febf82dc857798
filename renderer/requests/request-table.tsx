import type { RequestView, SnapshotAccount } from '../../app/contract.ts';
import { labelOf } from '../account/label-of.ts';
import { StatusPill } from '../components/status-pill.tsx';
import { duration, percent } from '../format/amount.ts';
import { exactCredits } from '../format/credits.ts';
import { fullTime, listed } from '../format/time.ts';
import { words } from '../messages/words.ts';
import { nowRoughly } from '../store/clock.ts';
import { hrefOf } from '../store/route.ts';
import { groupOf, outcomeLooks, outcomeText } from './outcome.ts';

/** One line a request; what a narrow window has no room for is in its details. */
export function RequestTable(props: {
  readonly requests: readonly RequestView[];
  readonly accounts: readonly SnapshotAccount[];
}) {
  const text = words.requests.columns;
  return (
    <table class="table request-table">
      <caption class="spoken">{words.shell.screens.requests}</caption>
      <thead>
        <tr>
          <th scope="col">{text.time}</th>
          <th scope="col">{text.model}</th>
          <th scope="col">{text.account}</th>
          <th scope="col" class="wide-only">
            {text.key}
          </th>
          <th scope="col">{text.outcome}</th>
          <th scope="col" class="number">
            {text.credits}
          </th>
          <th scope="col" class="number room-only">
            {text.context}
          </th>
          <th scope="col" class="number room-only">
            {text.firstToken}
          </th>
          <th scope="col" class="number middle-only">
            {text.total}
          </th>
        </tr>
      </thead>
      <tbody>
        {props.requests.map((request) => (
          <Row key={request.id} request={request} accounts={props.accounts} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ request, accounts }: { readonly request: RequestView; readonly accounts: readonly SnapshotAccount[] }) {
  const text = words.requests;
  return (
    <tr>
      <th scope="row">
        <a class="row-link" href={hrefOf(`requests/${request.id}`)} title={fullTime(request.at)}>
          {listed(request.at, nowRoughly.value)}
        </a>
      </th>
      <td class="request-model">{request.model}</td>
      <td class="request-account">
        {request.account === null ? <span class="faint">{text.noAccount}</span> : labelOf(request.account, accounts)}
      </td>
      <td class="soft wide-only">{request.key}</td>
      <td class="request-outcome">
        <span class="outcome">
          <Outcome outcome={request.outcome} />
          {request.sends > 1 && <span class="soft small">{text.sends(request.sends, String(request.sends))}</span>}
        </span>
      </td>
      <td class="number">{told(request.credits, exactCredits)}</td>
      <td class="number soft room-only">{told(request.contextPercent, percent)}</td>
      <td class="number soft room-only">{told(request.firstTokenMs, duration)}</td>
      <td class="number soft middle-only">{told(request.totalMs, duration)}</td>
    </tr>
  );
}

/** How a request ended. What was served needs no colour: it is the rule. */
export function Outcome({ outcome }: { readonly outcome: string }) {
  const group = groupOf(outcome);
  return <StatusPill {...outcomeLooks[group]}>{outcomeText(outcome)}</StatusPill>;
}

/** A number that Kiro reported, or a dash, which a screen reader says in words. */
function told(value: number | null, format: (value: number) => string) {
  if (value !== null) return format(value);
  return (
    <span class="faint">
      <span aria-hidden="true">–</span>
      <span class="spoken">{words.requests.facts.notReported}</span>
    </span>
  );
}
