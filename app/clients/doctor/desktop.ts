import { failed, ok, warning, type Check } from './check.ts';

/** What the desktop app knows about its surroundings, and can do about them. */
export interface DesktopHands {
  readonly facts: () => Promise<DesktopFacts>;
  /** Writes the entry that starts the app at login anew. */
  readonly mendAutostart: () => Promise<void>;
  /** Takes the key out of the data folder into the keychain. */
  readonly moveKeyToKeychain: () => Promise<void>;
}

export interface DesktopFacts {
  /** Whether the desktop shows tray icons. */
  readonly hasTrayHost: boolean;
  readonly startsAtLogin: boolean;
  /** Why the entry for it would not work, one sentence; null when it would, or there is none. */
  readonly autostartProblem: string | null;
  /** The key is a plain file although there is a keychain. */
  readonly hasPlainKey: boolean;
}

const mendAutostart = 'desktop.autostart';
const moveKey = 'desktop.move-key';

export async function checkDesktop(hands: DesktopHands): Promise<Check[]> {
  const { hasTrayHost, startsAtLogin, autostartProblem, hasPlainKey } = await hands.facts();
  return [
    hasTrayHost
      ? ok('Tray', 'The desktop shows tray icons.')
      : warning(
          'Tray',
          'This desktop shows no tray icons.',
          'Install its extension for them (on GNOME: AppIndicator); until then the window has all that the tray has.',
        ),
    ...(autostartProblem === null
      ? startsAtLogin
        ? [ok('Start at login', 'The entry is in order.')]
        : []
      : [
          failed('Start at login', autostartProblem, 'Switch Start at login off and on again.', {
            action: mendAutostart,
            label: 'Write the entry anew',
          }),
        ]),
    ...(hasPlainKey
      ? [
          warning(
            'Key file',
            'The key that seals the logins lies in the data folder although there is a keychain.',
            'Let the keychain keep it.',
            { action: moveKey, label: 'Move it into the keychain' },
          ),
        ]
      : []),
  ];
}

/** @returns whether the action was one of the desktop's */
export async function fixDesktop(action: string, hands: DesktopHands | undefined): Promise<boolean> {
  if (hands === undefined) return false;
  if (action === mendAutostart) await hands.mendAutostart();
  else if (action === moveKey) await hands.moveKeyToKeychain();
  else return false;
  return true;
}
