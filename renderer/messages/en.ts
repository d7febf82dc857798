/** English, screen by screen. Values that a sentence needs come in as text that was formatted already. */
import { common, failures } from './en/common.ts';
import { shell } from './en/shell.ts';

export const en = { common, failures, shell } as const;
