/** What can be done with the endpoint, the same from every window. */
import type { Reply } from '../../app/contract.ts';
import { act } from './act.ts';

/** The key that is made when there is none. */
const firstKey = 'default';

/** Copies the first local API key, which the shell does so that no screen sees it. */
export async function copyKey(): Promise<Reply<unknown>> {
  const keys = await act('keys.list', {});
  if (!keys.ok) return keys;
  const name = keys.result[0]?.name;
  return name === undefined ? act('desktop.createKey', { name: firstKey }) : act('desktop.copyKey', { name });
}

/** What tools are told. */
export function apiUrl(url: string): string {
  return `${url}/v1`;
}
