import { words } from '../messages/words.ts';

/** The window under the tray's icon. */
export function Popover() {
  return <h1>{words.common.appName}</h1>;
}
