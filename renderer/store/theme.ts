import { effect } from '@preact/signals';
import { snapshot } from './pool.ts';

/** Lets the user's choice of theme decide over the system's, as `data-theme` on the page. */
export function followTheme(): void {
  effect(() => {
    const theme = snapshot.value?.theme ?? 'system';
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  });
}
