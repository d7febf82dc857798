/** What a client can be asked to do, or must bear, in the order of the page's columns. */
export const features = [
  'text',
  'stream',
  'tools',
  'parallel tools',
  'images',
  'reasoning shown',
  'reasoning replayed',
  'structured output',
  'usage',
  'errors',
  'overflow',
  'rate limit',
  'cut stream',
  'abort',
] as const;

export type Feature = (typeof features)[number];

/** One test, by its file and its title as it stands there (`%s` and all). */
export interface TestName {
  readonly file: string;
  readonly title: string;
  /** The title of a group around it, where one test is run for several clients. */
  readonly within: string | undefined;
}

/** Shown by tests, all of which must pass; or nothing that the client can be asked for, and why; or not tried yet. */
export type Cell = readonly TestName[] | { readonly lacks: string } | 'not tested';

export interface Client {
  readonly title: string;
  readonly api: 'chat completions' | 'responses' | 'messages';
  /** The npm packages whose versions were tested. */
  readonly packages: readonly string[];
  readonly features: Readonly<Record<Feature, Cell>>;
}

/** Titles of one file → the tests. */
type Shown = (...titles: string[]) => readonly TestName[];

/** @param file below `test/` @param within the group around them, where one test is run for several clients */
export function testsOf(file: string, within?: string): Shown {
  return (...titles) => titles.map((title) => ({ file: `test/${file}`, title, within }));
}
