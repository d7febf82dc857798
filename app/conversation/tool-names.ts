import { invalidRequest } from './request-schema.ts';

/** A tool's name, and the request's member that holds it. */
export interface NamedTool {
  readonly name: string;
  readonly param: string;
}

/**
 * Checks that no name is offered twice, and that what is chosen is offered.
 * @throws {TurnError} `invalid-request` with the member at fault
 */
export function checkToolNames(offered: readonly NamedTool[], chosen: readonly NamedTool[]): void {
  const names = new Set<string>();
  for (const { name, param } of offered) {
    if (names.has(name)) throw invalidRequest(param, 'is the name of an earlier tool too');
    names.add(name);
  }
  for (const { name, param } of chosen) {
    if (!names.has(name)) throw invalidRequest(param, 'must be the name of one of the tools');
  }
}
