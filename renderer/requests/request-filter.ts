import type { RequestView } from '../../app/contract.ts';
import { groupOf, type OutcomeGroup } from './outcome.ts';

/** What is to be seen; undefined members let everything through. */
export interface RequestFilter {
  readonly account: string | undefined;
  readonly model: string | undefined;
  readonly outcome: OutcomeGroup | undefined;
}

export const noFilter: RequestFilter = { account: undefined, model: undefined, outcome: undefined };

export function fits({ account, model, outcome }: RequestView, filter: RequestFilter): boolean {
  return (
    (filter.account === undefined || filter.account === account) &&
    (filter.model === undefined || filter.model === model) &&
    (filter.outcome === undefined || filter.outcome === groupOf(outcome))
  );
}
