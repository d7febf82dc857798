import type { IconName } from '../components/icon.tsx';
import type { Tone } from '../components/meter.tsx';
import { words } from '../messages/words.ts';

export type OutcomeGroup = 'served' | 'failed' | 'client-left';

/** The engine tells `served`, `client-left` or the code of an error. */
export function groupOf(outcome: string): OutcomeGroup {
  return outcome === 'served' || outcome === 'client-left' ? outcome : 'failed';
}

/** How a group looks: by shape as well as by colour. */
export const outcomeLooks: Readonly<Record<OutcomeGroup, { readonly tone: Tone; readonly icon: IconName }>> = {
  served: { tone: 'good', icon: 'check' },
  failed: { tone: 'bad', icon: 'alert' },
  'client-left': { tone: 'idle', icon: 'signIn' },
};

/** An outcome in words; a code that is new to this screen stands for itself. */
export function outcomeText(outcome: string): string {
  return words.requests.outcomes[outcome] ?? outcome;
}
