import { computed, signal } from '@preact/signals';

const time = signal(Date.now());

/** Epoch ms, a second exact. Only what counts down reads it, since that is drawn anew each second. */
export const now = computed(() => time.value);

/** Epoch ms at the last quarter of a minute, for "4 min ago". */
export const nowRoughly = computed(() => Math.floor(time.value / 15_000) * 15_000);

/** Nobody looks at a hidden window, and the proxy beside it has better things to do. */
function tick(): void {
  if (!document.hidden) time.value = Date.now();
}

setInterval(tick, 1000);
document.addEventListener('visibilitychange', tick);
