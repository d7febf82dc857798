import { computed, effect, signal } from '@preact/signals';
import { route } from './route.ts';

/**
 * A short message that goes by itself, or when it is dismissed. What failed stays until then, or until its screen is left.
 */
export interface Toast {
  readonly id: number;
  readonly tone: 'good' | 'bad';
  readonly text: string;
  readonly detail?: string;
}

const shown = signal<readonly Toast[]>([]);
export const toasts = computed(() => shown.value);

const stayMs = 5000;
/** More would cover the screen; the oldest goes. */
const most = 3;
let lastId = 0;

export function toast(message: Omit<Toast, 'id'>): void {
  lastId += 1;
  const id = lastId;
  shown.value = [...shown.value.slice(1 - most), { ...message, id }];
  if (message.tone === 'good') setTimeout(() => dismissToast(id), stayMs);
}

export function dismissToast(id: number): void {
  shown.value = shown.value.filter((each) => each.id !== id);
}

/** Begins to let failures go with their screen. */
export function forgetWithScreen(): void {
  const screen = computed(() => route.value.screen);
  effect(() => {
    void screen.value;
    shown.value = shown.peek().filter(({ tone }) => tone === 'good');
  });
}
