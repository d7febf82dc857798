import { words } from '../messages/words.ts';

/** Whom kiro-cli says it is signed in as: an e-mail or an address as it is, its own name of a kind of account in words. */
export function whoText(who: string): string {
  const kinds: Readonly<Record<string, string>> = words.wizard.kiroCliAccounts;
  return kinds[who] ?? who;
}
