/** English, screen by screen. Values that a sentence needs come in as text that was formatted already. */
import { account } from './en/account.ts';
import { common, failures } from './en/common.ts';
import { overview } from './en/overview.ts';
import { popover } from './en/popover.ts';
import { requests } from './en/requests.ts';
import { shell } from './en/shell.ts';
import { usage } from './en/usage.ts';

export const en = { account, common, failures, overview, popover, requests, shell, usage } as const;
