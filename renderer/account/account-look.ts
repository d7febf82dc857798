import type { SnapshotAccount } from '../../app/contract.ts';
import type { IconName } from '../components/icon.tsx';
import type { Tone } from '../components/meter.tsx';

type StateName = SnapshotAccount['state']['name'];

/** How a state looks: its colour is never all that tells it. */
export const stateLooks: Readonly<Record<StateName, { readonly tone: Tone; readonly icon: IconName }>> = {
  ready: { tone: 'good', icon: 'verified' },
  cooling: { tone: 'warn', icon: 'clock' },
  exhausted: { tone: 'idle', icon: 'empty' },
  parked: { tone: 'bad', icon: 'octagon' },
  'needs-sign-in': { tone: 'bad', icon: 'signIn' },
  disabled: { tone: 'idle', icon: 'pause' },
};

/** `KIRO PRO+` as people say it: `Pro+`. */
export function planName(plan: string): string {
  const bare = plan.replace(/^KIRO\s+/i, '');
  return bare.charAt(0).toUpperCase() + bare.slice(1).toLowerCase();
}
