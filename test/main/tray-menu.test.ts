import { describe, expect, it } from 'vitest';
import { trayLevel } from '../../main/tray-level.ts';
import { trayMenu, type TrayItem } from '../../main/tray-menu.ts';
import { noon } from '../support/engine.ts';
import { account, accountIn, desktop, snapshot } from './snapshots.ts';

const hourMs = 3_600_000;

const shapes = { heading: '#', item: ' ', checkbox: '✓', radio: '○' } as const;

/** The menu as a person reads it; what cannot be clicked in brackets. */
function read(items: readonly TrayItem[]): string[] {
  return items.map((item) => {
    if (item.type === 'separator') return '---';
    if (item.type === 'heading') return `# ${item.label}`;
    const mark =
      item.type === 'radio' && item.isChecked
        ? '●'
        : item.type === 'checkbox' && !item.isChecked
          ? '☐'
          : shapes[item.type];
    return `${mark} ${item.isEnabled ? item.label : `(${item.label})`}`;
  });
}

function itemOf(items: readonly TrayItem[], label: string): Extract<TrayItem, { intent: unknown }> {
  const found = items.find((item) => 'intent' in item && item.label.startsWith(label));
  if (!found || !('intent' in found)) throw new Error(`There is no item ${label}`);
  return found;
}

describe("the tray's menu", () => {
  it('says who serves, what is left and when it comes back', () => {
    const accounts = [
      account({ id: 'a', label: 'Work' }),
      accountIn('cooling', noon + 5 * 60_000, { id: 'b', label: 'Own' }),
      accountIn('exhausted', noon + 50 * hourMs, { id: 'c', label: 'Client' }),
      accountIn('needs-sign-in', null, { id: 'd', label: 'Old' }),
    ];
    const items = trayMenu(
      snapshot({ accounts, pinned: 'a' }),
      desktop,
      [{ name: 'opencode', title: 'OpenCode' }],
      noon,
    );
    const time = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    expect(read(items)).toEqual([
      '# Serving on 127.0.0.1:8788 · 1 of 4 ready',
      '  Open Kiro Pool',
      '  Pause',
      '---',
      '# Accounts',
      '○ Auto',
      '● Work · 612 of 1,000 · resets in 3 d',
      `○ (Own · cooling down until ${time.format(noon + 5 * 60_000)})`,
      '○ (Client · credits used up · resets in 2 d)',
      '○ (Old · needs a new sign-in)',
      '---',
      '# Strategy',
      '● Hybrid',
      '○ Sticky',
      '○ Round robin',
      '○ Drain',
      '---',
      '  Copy base URL',
      '  Copy key',
      '  Use in OpenCode…',
      '---',
      '  Add account…',
      '  Dashboard…',
      '☐ Start at login',
      '---',
      '  Quit',
    ]);
  });

  it.each(['a\nQuit', '\u202ea\u2069', '\u001b[2Ja', '👋'.repeat(10_000), 'x'.repeat(10_000)])(
    'has one short line for an account, whatever it is called: %#',
    (label) => {
      const items = trayMenu(snapshot({ accounts: [account({ label })] }), desktop, [], noon);
      const line = items.find((item) => 'intent' in item && item.intent.type === 'pin' && item.intent.account !== null);
      const text = line && 'label' in line ? line.label : '';
      expect(text).toMatch(/^[^\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]+ · 612 of 1,000 · resets in 3 d$/u);
      expect(text.length).toBeLessThan(160);
      expect(text.isWellFormed()).toBe(true);
    },
  );

  it('chooses an account or a strategy with one click in it', () => {
    const items = trayMenu(snapshot(), desktop, [], noon);
    expect(itemOf(items, 'Work').intent).toEqual({ type: 'pin', account: 'acc_work' });
    expect(itemOf(items, 'Auto').intent).toEqual({ type: 'pin', account: null });
    expect(itemOf(items, 'Drain').intent).toEqual({ type: 'strategy', name: 'drain' });
  });

  it('resumes what is paused, and says that it is paused', () => {
    const paused = snapshot({ endpoint: { url: 'http://127.0.0.1:8788', isPaused: true, takenPort: null } });
    const items = trayMenu(paused, desktop, [], noon);
    expect(read(items)[0]).toBe('# Paused · 1 of 1 ready');
    expect(itemOf(items, 'Resume').intent).toEqual({ type: 'pause', isPaused: false });
  });

  it('offers no URL while nothing listens, and no account while there is none', () => {
    const empty = snapshot({ accounts: [], endpoint: { url: null, isPaused: false, takenPort: null } });
    const lines = read(trayMenu(empty, desktop, [], noon));
    expect(lines).toContain('  (Copy base URL)');
    expect(lines[0]).toBe('# Not serving · no account yet');
    expect(lines).not.toContain('# Accounts');
  });

  it('speaks of updates only where there is a place to look, and of login only where it can be set', () => {
    const update = (state: 'checking' | 'ready'): string[] =>
      read(
        trayMenu(
          snapshot(),
          { ...desktop, startsAtLogin: null, update: { state, version: '0.2.0', detail: null } },
          [],
          noon,
        ),
      );
    expect(update('checking')).toContain('  (Check for updates)');
    expect(update('ready')).toContain('  Restart to update to 0.2.0');
    expect(update('ready').join()).not.toContain('Start at login');
    expect(read(trayMenu(snapshot(), desktop, [], noon)).join()).not.toContain('pdate');
  });

  it('shows an account whose credits nobody knows, and one without a limit', () => {
    const accounts = [
      account({ id: 'a', label: 'New', credits: null }),
      account({ id: 'b', label: 'Free', credits: { used: 1, limit: null, resetAt: null, left: null, extras: [] } }),
    ];
    const lines = read(trayMenu(snapshot({ accounts }), desktop, [], noon));
    expect(lines).toContain('○ New · credits not known yet');
    expect(lines).toContain('○ Free · no limit');
  });
});

describe("the tray's level", () => {
  it('is full, low or empty as the accounts are that the user wants to serve', () => {
    const level = (...accounts: ReturnType<typeof account>[]): string => trayLevel(snapshot({ accounts }));
    expect(level(account(), account())).toBe('fine');
    expect(level(account(), accountIn('disabled'))).toBe('fine');
    expect(level(account(), accountIn('cooling', noon))).toBe('low');
    expect(level(accountIn('parked'), accountIn('exhausted', noon))).toBe('empty');
    expect(level()).toBe('empty');
  });

  it('is empty while the endpoint is paused or does not listen', () => {
    expect(trayLevel(snapshot({ endpoint: { url: 'http://127.0.0.1:1', isPaused: true, takenPort: null } }))).toBe(
      'empty',
    );
    expect(trayLevel(snapshot({ endpoint: { url: null, isPaused: false, takenPort: null } }))).toBe('empty');
  });
});
