import type { KiroCliProgram } from './auth/kiro-cli-program.ts';
import type { DesktopHands } from './clients/doctor/desktop.ts';
import type { DoctorPorts } from './clients/doctor.ts';
import type { Output, contract } from './contract.ts';
import { CommandError } from './control/control-contract.ts';
import type { EngineParts } from './engine-parts.ts';
import type { AccountSummary } from './pool/account-summary.ts';
import type { HandOffs } from './pool/hand-offs.ts';
import type { OnboardingPorts } from './pool/settling.ts';
import type { SignIns } from './pool/sign-in.ts';

/** What the answers need of the engine. */
export interface HandlerPorts {
  readonly parts: EngineParts;
  readonly signIns: SignIns;
  readonly handOffs: HandOffs;
  readonly env: Environment;
  readonly desktop: DesktopHands | undefined;
  readonly now: () => number;
  uiLink(): string;
  /** The kiro-cli of this machine, if there is one. */
  kiroCli(): KiroCliProgram | undefined;
  status(): Output<typeof contract, 'status'>;
  onboardingPorts(): OnboardingPorts;
  doctorPorts(): DoctorPorts;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** By id or by label, whichever a person has at hand. @throws CommandError `account-not-found` */
export function findAccount({ parts }: Pick<HandlerPorts, 'parts'>, idOrLabel: string): AccountSummary {
  const all = parts.pool.summaries();
  const found = all.find(({ id }) => id === idOrLabel) ?? all.find(({ label }) => label === idOrLabel);
  if (found) return found;
  throw new CommandError('account-not-found', `There is no account "${idOrLabel}".`, 'See: kiro-pool accounts list');
}
