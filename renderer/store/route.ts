import { computed, signal } from '@preact/signals';
import { bridge } from '../bridge/bridge.ts';

/** Where the window is, from the hash of its address: `#requests/req_1` is screen `requests` with the rest `req_1`. */
export interface Route {
  readonly screen: string;
  readonly rest: string;
}

const here = signal(parse(window.location.hash));
export const route = computed(() => here.value);

/** Of a link to a screen, such as `overview`, `wizard/api-key`. */
export function hrefOf(path: string): string {
  return `#${path}`;
}

export function navigate(path: string): void {
  window.location.hash = path;
}

/** Begins to follow the address, and what the tray or a notification asks for. */
export function followRoute(): void {
  window.addEventListener('hashchange', () => {
    here.value = parse(window.location.hash);
  });
  bridge.on('navigate', (to) => navigate(to.route));
}

function parse(hash: string): Route {
  const path = hash.replace(/^#\/?/, '');
  const [screen = '', ...rest] = path.split('/');
  return { screen: screen === '' ? 'overview' : screen, rest: decodeURIComponent(rest.join('/')) };
}
