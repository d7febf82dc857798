import type { Output, ScreenContract } from '../../app/contract.ts';
import type { IconName } from '../components/icon.tsx';
import type { Tone } from '../components/meter.tsx';
import { words } from '../messages/words.ts';

type Status = Output<ScreenContract, 'clients.list'>[number]['status'];

/** How a client's state looks, and what can be done about it; a broken config is left alone. */
export function clientStatus(status: Status): {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly text: string;
  readonly action: string | undefined;
} {
  const { status: texts, setUp, update, look } = words.clients;
  const text = texts[status];
  switch (status) {
    case 'absent':
      return { tone: 'idle', icon: 'empty', text, action: setUp };
    case 'ready':
      return { tone: 'accent', icon: 'add', text, action: setUp };
    case 'configured':
      return { tone: 'good', icon: 'verified', text, action: look };
    case 'outdated':
      return { tone: 'warn', icon: 'clock', text, action: update };
    case 'broken':
      return { tone: 'bad', icon: 'octagon', text, action: undefined };
  }
}
