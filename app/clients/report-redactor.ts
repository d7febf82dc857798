import { withoutTokens } from '../conversation/redact.ts';

/** What is known to be private, taken out to the letter before patterns take out the rest. */
export interface Private {
  /** Tokens and keys. */
  readonly secrets: readonly string[];
  /** What stands in for something that a reader must tell apart, such as an account's label. */
  readonly names: ReadonlyMap<string, string>;
  readonly home: string;
  readonly user: string;
  readonly host: string;
}

/**
 * Takes out of a text what says who somebody is or opens something: tokens, keys, e-mails, names of accounts, of the user and the
 * machine, home folders, identifiers of AWS, URLs of companies, addresses beyond this machine.
 */
export function redactor({ secrets, names, home, user, host }: Private): (text: string) => string {
  const known = [
    ...secrets.map((secret) => [secret, '[secret]'] as const),
    ...names,
    ...(isTelling(home) ? [[home, '~'] as const] : []),
  ]
    .filter(([text]) => text.length > 2)
    // The longest first: one may be a part of another.
    .toSorted(([left], [right]) => right.length - left.length);
  const words = [user, host].filter((word) => word.length > 2).map((word) => [wordPattern(word), '[name]'] as const);
  return (text) => {
    const named = known.reduce((each, [from, to]) => each.replaceAll(from, to), text);
    const patterned = patterns.reduce((each, [from, to]) => each.replaceAll(from, to), withoutTokens(named));
    return words.reduce((each, [from, to]) => each.replaceAll(from, to), patterned);
  };
}

const patterns: readonly (readonly [RegExp, string])[] = [
  [/[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+/g, '[e-mail]'],
  [/\barn:aws[\w-]*:[^\s"',)]+/g, '[arn]'],
  [/(?:\/home\/|\/Users\/|[A-Za-z]:\\+Users\\+)[^/\\\s"':]+/g, '~'],
  [
    /\bhttps?:\/\/(?!(?:127\.0\.0\.1|localhost|\[::1\])[:/\s]|[\w.-]+\.amazonaws\.com|[\w.-]*\bkiro\.dev\b)[^\s"',)]+/g,
    '[url]',
  ],
  [/\b[\w-]+\.awsapps\.com\b[^\s"',)]*/g, '[url]'],
  [/(?<![\d.])(?!127\.|0\.0\.0\.0)\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/g, '[address]'],
  [/\b(?:sk|pk|rk|gh[pousr]|glpat|hf|gsk|xox[abprs])[-_][\w-]{12,}/g, '[secret]'],
  [/\b(?:AKIA|ASIA|AIza)[\w-]{12,}/g, '[secret]'],
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '[id]'],
  // Whatever else is long and looks random.
  [/(?<![\w+/=-])(?=[\w+/=-]*\d)(?=[\w+/=-]*[A-Za-z])[\w+/=-]{32,}/g, '[secret]'],
  [/(?<!\d)\d{12}(?!\d)/g, '[id]'],
];

/** A home folder such as `/` would take out too much. */
function isTelling(home: string): boolean {
  return home.length > 3;
}

function wordPattern(word: string): RegExp {
  return new RegExp(String.raw`(?<!\w)${word.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}(?!\w)`, 'gi');
}
