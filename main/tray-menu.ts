import type { DesktopInfo, Snapshot } from '../app/contract.ts';
import { accountLine, statusLine, words } from './words.ts';

/** What a person can ask for in the tray. */
export type TrayIntent =
  | { readonly type: 'show'; readonly route: string }
  | { readonly type: 'pause'; readonly isPaused: boolean }
  /** Null lets the strategy choose. */
  | { readonly type: 'pin'; readonly account: string | null }
  | { readonly type: 'strategy'; readonly name: string }
  | { readonly type: 'copy-url' }
  | { readonly type: 'copy-key' }
  | { readonly type: 'start-at-login'; readonly isOn: boolean }
  | { readonly type: 'check-for-updates' }
  | { readonly type: 'install-update' }
  | { readonly type: 'quit' };

/** One line of the menu, as plain data: what is not an `item` cannot be clicked. */
export type TrayItem =
  | { readonly type: 'separator' }
  | { readonly type: 'heading'; readonly label: string }
  | {
      readonly type: 'item' | 'radio' | 'checkbox';
      readonly label: string;
      readonly isEnabled: boolean;
      /** For `radio` and `checkbox`. */
      readonly isChecked: boolean;
      readonly intent: TrayIntent;
    };

/** A tool that the menu offers to set up. */
export interface TrayClient {
  readonly name: string;
  readonly title: string;
}

/**
 * The tray's menu (DESIGN §9), from what is known and nothing else. Accounts and strategies are no submenus, so that each
 * is two clicks away on every desktop.
 * @param clients the tools that are installed
 * @param now epoch ms
 */
export function trayMenu(
  snapshot: Snapshot,
  desktop: DesktopInfo,
  clients: readonly TrayClient[],
  now: number,
): TrayItem[] {
  const { menu } = words;
  const { isPaused, url } = snapshot.endpoint;
  return [
    { type: 'heading', label: statusLine(snapshot) },
    item(menu.open, { type: 'show', route: 'overview' }),
    item(isPaused ? menu.resume : menu.pause, { type: 'pause', isPaused: !isPaused }),
    ...accountItems(snapshot, now),
    ...strategyItems(snapshot),
    { type: 'separator' },
    item(menu.copyUrl, { type: 'copy-url' }, url !== null),
    item(menu.copyKey, { type: 'copy-key' }),
    ...clientItems(clients),
    { type: 'separator' },
    item(menu.addAccount, { type: 'show', route: 'wizard' }),
    item(menu.dashboard, { type: 'show', route: 'usage' }),
    ...desktopItems(desktop),
    { type: 'separator' },
    item(menu.quit, { type: 'quit' }),
  ];
}

function accountItems({ accounts, pinned }: Snapshot, now: number): TrayItem[] {
  if (accounts.length === 0) return [];
  return [
    { type: 'separator' },
    { type: 'heading', label: words.menu.accounts },
    radio(words.menu.auto, pinned === null, { type: 'pin', account: null }),
    ...accounts.map((account) =>
      radio(
        accountLine(account, now),
        pinned === account.id,
        { type: 'pin', account: account.id },
        account.state.name === 'ready',
      ),
    ),
  ];
}

function strategyItems({ strategy }: Snapshot): TrayItem[] {
  return [
    { type: 'separator' },
    { type: 'heading', label: words.menu.strategy },
    ...strategy.choices.map(({ name }) =>
      radio(words.strategies[name] ?? name, name === strategy.name, { type: 'strategy', name }),
    ),
  ];
}

function clientItems(clients: readonly TrayClient[]): TrayItem[] {
  return clients.map(({ name, title }) =>
    item(`${words.menu.useIn} ${title}…`, { type: 'show', route: `clients/${name}` }),
  );
}

function desktopItems({ startsAtLogin, update }: DesktopInfo): TrayItem[] {
  const items: TrayItem[] = [];
  if (startsAtLogin !== null) {
    items.push({
      type: 'checkbox',
      label: words.menu.startAtLogin,
      isEnabled: true,
      isChecked: startsAtLogin,
      intent: { type: 'start-at-login', isOn: !startsAtLogin },
    });
  }
  if (update.state === 'ready') {
    items.push(item(words.menu.installUpdate(update.version ?? ''), { type: 'install-update' }));
  } else if (update.state !== 'off') {
    const isIdle = update.state === 'idle' || update.state === 'failed';
    items.push(item(words.menu.checkForUpdates, { type: 'check-for-updates' }, isIdle));
  }
  return items;
}

function item(label: string, intent: TrayIntent, isEnabled = true): TrayItem {
  return { type: 'item', label, isEnabled, isChecked: false, intent };
}

function radio(label: string, isChecked: boolean, intent: TrayIntent, isEnabled = true): TrayItem {
  return { type: 'radio', label, isEnabled, isChecked, intent };
}
