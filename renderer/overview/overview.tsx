import { words } from '../messages/words.ts';
import { Screen } from '../shell/screen.tsx';

/** What goes on now, and everything that can be done with accounts. */
export function Overview() {
  return <Screen title={words.shell.screens.overview}>{null}</Screen>;
}
