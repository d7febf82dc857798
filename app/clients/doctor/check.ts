/** What is wrong, and what mends it. */
export interface Check {
  readonly name: string;
  readonly status: 'ok' | 'warning' | 'failed';
  readonly detail: string;
  /** What to do, in words; null when nothing is wrong. */
  readonly fix: string | null;
  /** Names what `doctor.fix` can do about it; null when only a person can. */
  readonly action: string | null;
  /** What the button that does it says; null with `action`. */
  readonly actionLabel: string | null;
}

/** Something that we can do about a fault. */
export interface Remedy {
  readonly action: string;
  readonly label: string;
}

export function ok(name: string, detail: string): Check {
  return { name, status: 'ok', detail, fix: null, action: null, actionLabel: null };
}

export function warning(name: string, detail: string, fix: string, remedy?: Remedy): Check {
  return fault('warning', { name, detail, fix }, remedy);
}

export function failed(name: string, detail: string, fix: string, remedy?: Remedy): Check {
  return fault('failed', { name, detail, fix }, remedy);
}

function fault(
  status: 'warning' | 'failed',
  what: { name: string; detail: string; fix: string },
  remedy: Remedy | undefined,
): Check {
  return { ...what, status, action: remedy?.action ?? null, actionLabel: remedy?.label ?? null };
}
