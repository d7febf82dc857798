/** English, screen by screen. Values that a sentence needs come in as text that was formatted already. */
import { account } from './en/account.ts';
import { clients } from './en/clients.ts';
import { common, failures } from './en/common.ts';
import { doctor } from './en/doctor.ts';
import { firstRun } from './en/first-run.ts';
import { overview } from './en/overview.ts';
import { popover } from './en/popover.ts';
import { requests } from './en/requests.ts';
import { settings } from './en/settings.ts';
import { shell } from './en/shell.ts';
import { usage } from './en/usage.ts';
import { wizard } from './en/wizard.ts';

export const en = {
  account,
  clients,
  common,
  doctor,
  failures,
  firstRun,
  overview,
  popover,
  requests,
  settings,
  shell,
  usage,
  wizard,
} as const;
