import { bridgeFacts } from './bridge-facts.ts';
import type { Fact } from './fact.ts';
import { ipcFacts } from './ipc-facts.ts';
import { lifeFacts } from './life-facts.ts';
import { menuFacts } from './menu-facts.ts';
import { pageFacts } from './page-facts.ts';
import { systemFacts } from './system-facts.ts';
import { windowFacts } from './window-facts.ts';

/** All facts, by what they are about. */
export const allFacts: Readonly<Record<string, readonly Fact[]>> = {
  'The life of the app': lifeFacts,
  'Messages between a window and the main process': ipcFacts,
  'The bridge of a preload': bridgeFacts,
  'Pages and where they may go': pageFacts,
  Windows: windowFacts,
  'Menus and the tray': menuFacts,
  'What the system lends': systemFacts,
};
