/** A client's wish that the model may search the web, by the service's own search. */
export interface WebSearch {
  /** Searches in one answer. */
  readonly maxUses: number;
  /** Domains that results may be of, their subdomains included; any when there are none. */
  readonly allowedDomains: readonly string[];
  /** Domains that results must not be of. */
  readonly blockedDomains: readonly string[];
}

/** The most searches in one answer: each is a turn more, which Kiro charges for. */
export const maxSearches = 8;

/** For a client that sets no limits. */
export const anySearch: WebSearch = { maxUses: maxSearches, allowedDomains: [], blockedDomains: [] };

/** One page that a search found. */
export interface WebResult {
  readonly title: string;
  readonly url: string;
  /** What the page says about it, in short; may be empty. */
  readonly snippet: string;
  /** When it was published, as the service tells it. */
  readonly publishedAt?: string;
}

/** What became of one search. */
export type WebSearchOutcome =
  | { readonly type: 'found'; readonly results: readonly WebResult[] }
  | { readonly type: 'failed'; readonly reason: 'unavailable' | 'no-query' | 'max-uses' };

/** The results that the client wants to have. */
export function wantedResults(results: readonly WebResult[], wish: WebSearch): readonly WebResult[] {
  return results.filter(({ url }) => {
    const host = URL.canParse(url) ? new URL(url).hostname : '';
    const isOf = (domain: string): boolean => host === domain || host.endsWith(`.${domain}`);
    return (wish.allowedDomains.length === 0 || wish.allowedDomains.some(isOf)) && !wish.blockedDomains.some(isOf);
  });
}

/** What the model is told of a search. */
export function outcomeText(outcome: WebSearchOutcome): string {
  if (outcome.type === 'failed') return FAILURES[outcome.reason];
  if (outcome.results.length === 0) return 'Nothing was found.';
  return outcome.results
    .map(({ title, url, snippet, publishedAt }) =>
      [title, url, ...(publishedAt === undefined ? [] : [publishedAt]), snippet].join('\n'),
    )
    .join('\n\n');
}

const FAILURES: Readonly<Record<(WebSearchOutcome & { type: 'failed' })['reason'], string>> = {
  unavailable: 'The web search does not work now. Go on without it.',
  'no-query': 'The search needs a query.',
  'max-uses': 'No more searches are allowed in this answer. Go on with what you have.',
};
