import type { HandOffTarget } from './hand-off-request.ts';

/** What was answered so far in one run of `kiro-cli login`. */
export interface Dialogue {
  readonly answered: readonly Question[];
  /** The marked option when the last arrow key was sent; until it moves, that key is still on its way. */
  readonly pressedAt?: number;
}

export type Question = 'menu' | 'start-url' | 'region';

/** The next key presses, nothing yet, or that the menu does not have what was asked for. */
export type Move =
  | { readonly type: 'press'; readonly keys: string; readonly dialogue: Dialogue }
  | { readonly type: 'wait' }
  | { readonly type: 'not-offered' };

/**
 * Decides what to press, given what `kiro-cli login` shows (protocol §1.4): its menu of kinds, where flags do not preselect
 * Google or GitHub, and the two prompts of an organisation, which come prefilled even when the flags were given. Menus are
 * read by their options, so that another order or one more option does no harm; each question is answered once.
 */
export function nextMove(lines: readonly string[], target: HandOffTarget, dialogue: Dialogue): Move {
  const isOpen = (question: Question): boolean => !dialogue.answered.includes(question);
  const answer = (question: Question, keys: string): Move => ({
    type: 'press',
    keys,
    dialogue: { answered: [...dialogue.answered, question] },
  });
  const prompt = lines.at(-1) ?? '';
  if (target.kind === 'identity-center') {
    if (isOpen('start-url') && /start url/i.test(prompt)) return answer('start-url', typed(prompt, target.startUrl));
    if (isOpen('region') && /\bregion\b/i.test(prompt)) return answer('region', typed(prompt, target.region));
  }
  const menu = isOpen('menu') ? readMenu(lines) : [];
  if (new Set(menu.map(({ kind }) => kind)).size < 2) return { type: 'wait' };
  const wanted = menu.findIndex(({ kind }) => kind === target.kind);
  const option = menu[wanted];
  if (option === undefined) return { type: 'not-offered' };
  const marked = menu.findIndex(({ isMarked }) => isMarked);
  if (marked === wanted) return answer('menu', enter);
  if (marked === -1) return option.number === undefined ? { type: 'wait' } : answer('menu', option.number + enter);
  if (marked === dialogue.pressedAt) return { type: 'wait' };
  return { type: 'press', keys: marked < wanted ? down : up, dialogue: { ...dialogue, pressedAt: marked } };
}

interface Option {
  readonly kind: HandOffTarget['kind'];
  readonly isMarked: boolean;
  readonly number: string | undefined;
}

const enter = '\r';
const up = '\u001B[A';
const down = '\u001B[B';

/** Organisation first: "Use with your organization" is all that tells it from the others. */
const labels: readonly (readonly [HandOffTarget['kind'], RegExp])[] = [
  ['identity-center', /organi[sz]ation|identity center|\bIDC\b|pro license/i],
  ['builder-id', /builder ?id/i],
  ['google', /google/i],
  ['github', /github/i],
];

/** An option is "Use with …" behind a mark, a number or spaces; what was chosen earlier stands in a line with its question. */
function readMenu(lines: readonly string[]): Option[] {
  return lines.flatMap((line) => {
    const match =
      /^\s*([❯›>▸●*]\s*)?(?:(\d+)[).:]\s*)?((?:use|sign in|log ?in|continue) (?:for free )?with\b.*)$/iu.exec(line);
    const label = match?.[3] ?? '';
    const kind = labels.find(([, pattern]) => pattern.test(label))?.[0];
    return kind === undefined ? [] : [{ kind, isMarked: match?.[1] !== undefined, number: match?.[2] }];
  });
}

/** A prefilled answer is only confirmed: typing would append to it. */
function typed(prompt: string, text: string): string {
  const bare = text.replace(/\/+$/, '');
  return prompt.includes(bare) ? enter : text + enter;
}
