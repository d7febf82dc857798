import type { Wizard } from './wizard-state.ts';

/** How far the user has come on the way that was chosen, from 1; undefined where that would tell nothing. */
export interface Progress {
  readonly step: number;
  readonly of: number;
}

export function progressOf({ step, draft }: Wizard): Progress | undefined {
  const isShort = draft.way === 'api-key' || draft.way === 'backup';
  const of = isShort ? 3 : draft.way === 'sync' ? 4 : 5;
  switch (step.at) {
    case 'way':
      return undefined;
    case 'kind':
    case 'sources':
    case 'key':
    case 'backup':
      return { step: 2, of };
    case 'ahead':
      return { step: 3, of };
    case 'working':
      return { step: isShort ? 2 : 3, of };
    case 'code':
    case 'hand-off':
      return { step: 4, of };
    case 'profile':
    case 'done':
    case 'restored':
      return { step: of, of };
    case 'failed':
      return undefined;
  }
}
