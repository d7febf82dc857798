import { app } from './app.ts';
import { theMachine, type DialogAnswer, type IpcMessage, type ShownDialog, type ShownNotification } from './machine.ts';
import { nativeTheme } from './native-theme.ts';
import { Notification } from './notification.ts';
import type { SecretBackend } from './options.ts';
import { powerMonitor } from './power-monitor.ts';
import { defaultSession } from './session.ts';
import { PreventableEvent } from './strict.ts';
import { Tray, type ShownItem } from './tray.ts';

export interface MenuLine {
  readonly label: string;
  readonly type: string;
  readonly enabled: boolean;
  readonly checked: boolean;
  readonly submenu: readonly MenuLine[];
}

export interface TrayModel {
  /** Absolute path of its picture. */
  readonly image: string;
  readonly isTemplate: boolean;
  readonly size: { readonly width: number; readonly height: number };
  readonly tooltip: string;
  readonly title: string;
  /** The lines that a person sees, without what is hidden. */
  readonly menu: readonly MenuLine[];
}

/** What a person and the system do to the app, and what they get to see. Everything here can cross a process. */
export const controls = {
  /** The tray's icon with its menu, or undefined when there is none. */
  tray(): TrayModel | undefined {
    const [tray] = Tray._all();
    return tray && { ...tray._look, menu: linesOf(tray._openMenu()) };
  },

  clickTray(kind: 'click' | 'right-click' | 'double-click'): void {
    theTray()._click(kind);
  },

  /** Chooses a line of the tray's menu, by the labels on the way to it. */
  chooseFromTray(path: readonly (string | RegExp)[]): void {
    let lines = theTray()._openMenu();
    for (const [depth, label] of path.entries()) {
      const line = lines.find((each) => each.visible && isLabel(each.label, label));
      const there = lines.map((each) => each.label).join(' | ');
      if (!line) throw new Error(`electron double: no line "${String(label)}" in the menu: ${there}`);
      if (!line.enabled) throw new Error(`electron double: the line "${line.label}" cannot be chosen`);
      if (depth === path.length - 1) line.item.click();
      lines = line.submenu;
    }
  },

  ipc: (): readonly IpcMessage[] => theMachine().ipc,
  notifications: (): readonly ShownNotification[] => theMachine().notifications,
  openedUrls: (): readonly string[] => theMachine().openedUrls,
  refusedRequests: (): readonly string[] => theMachine().refusedRequests,
  dialogs: (): readonly ShownDialog[] => theMachine().dialogs,
  clipboardText: (): string => theMachine().clipboardText,
  loginItem: (): { readonly isOn: boolean; readonly args: readonly string[] } => theMachine().openAtLogin,
  relaunches: (): number => theMachine().relaunches,

  /** Clicks the last notification of this title. */
  clickNotification(title: string): void {
    const shown = Notification._shown().findLast((each) => each.title === title);
    if (!shown) throw new Error(`electron double: no notification "${title}" was shown`);
    shown.emit('click', new PreventableEvent({ sender: shown }));
  },

  answerDialogs(answers: readonly DialogAnswer[]): void {
    const { dialogAnswers, openDialogs } = theMachine();
    for (const answer of answers) {
      const waiting = openDialogs.shift();
      if (waiting) waiting(answer);
      else dialogAnswers.push(answer);
    }
  },

  /** @returns whether the app asked the system to wait, as it may at shutdown */
  power(event: 'suspend' | 'resume' | 'lock-screen' | 'unlock-screen' | 'shutdown'): boolean {
    const preventable = new PreventableEvent({ sender: powerMonitor });
    powerMonitor.emit(event, preventable);
    return preventable.defaultPrevented;
  },

  secondInstance(argv: readonly string[]): void {
    app.emit('second-instance', new PreventableEvent(), [process.execPath, ...argv], process.cwd(), null);
  },

  /** The dock's icon was clicked, on macOS. */
  activate(): void {
    app.emit('activate', new PreventableEvent(), false);
  },

  setSystemDark(isDark: boolean): void {
    theMachine().isSystemDark = isDark;
    nativeTheme._tell();
  },

  setOnline(isOnline: boolean): void {
    theMachine().isOnline = isOnline;
  },

  setClipboardText(text: string): void {
    theMachine().clipboardText = text;
  },

  setPointer(x: number, y: number): void {
    theMachine().pointer = { x, y };
  },

  setSecrets(backend: SecretBackend): void {
    theMachine().secrets = backend;
  },

  /** A new key seals from now on; the old ones still open. */
  rotateSecrets(): void {
    theMachine().secretGeneration += 1;
  },

  /** The keys are gone: nothing that was sealed opens any more. */
  loseSecrets(): void {
    const machine = theMachine();
    machine.secretGeneration += 1;
    machine.oldestSecretGeneration = machine.secretGeneration;
  },

  /** What the app's handler answers a page that asks for a permission. */
  askPermission: (permission: string): Promise<boolean> => defaultSession._askPermission(permission),
  checkPermission: (permission: string, origin: string): boolean => defaultSession._checkPermission(permission, origin),
};

export type Controls = typeof controls;

function theTray(): Tray {
  const [tray] = Tray._all();
  if (!tray) throw new Error('electron double: there is no tray');
  return tray;
}

function linesOf(items: readonly ShownItem[]): MenuLine[] {
  return items
    .filter(({ visible }) => visible)
    .map(({ label, type, enabled, checked, submenu }) => ({
      label,
      type,
      enabled,
      checked,
      submenu: linesOf(submenu),
    }));
}

function isLabel(label: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? label === wanted : wanted.test(label);
}
