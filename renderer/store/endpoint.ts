/** What can be done with the endpoint, the same from every window. */
import type { Reply } from '../../app/contract.ts';
import { act } from './act.ts';
import { ask } from './ask.ts';

/** The key that is made when there is none. */
const firstKey = 'default';

/** Copies the first local API key, which the shell does so that no screen sees it. */
export async function copyKey(): Promise<Reply<unknown>> {
  const keys = await ask('keys.list', {});
  const name = keys.ok ? keys.result[0]?.name : undefined;
  return name === undefined ? act('desktop.createKey', { name: firstKey }) : act('desktop.copyKey', { name });
}

/** What tools are told. */
export function apiUrl(url: string): string {
  return `${url}/v1`;
}
