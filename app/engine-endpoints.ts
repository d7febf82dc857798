import { readFile } from 'node:fs/promises';
import { CommandError } from './control/control-contract.ts';
import { kiroEndpoints, parseEndpoints, type Endpoints } from './kiro/endpoints.ts';

/**
 * Where Kiro is: at its own addresses, unless a file names others, such as those of a test.
 * @param path the value of `KIRO_POOL_ENDPOINTS`
 * @throws CommandError `bad-endpoints`
 */
export async function readEndpoints(path: string | undefined): Promise<Endpoints> {
  if (path === undefined || path === '') return kiroEndpoints;
  try {
    return parseEndpoints(await readFile(path, 'utf8'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'It cannot be read.';
    throw new CommandError(
      'bad-endpoints',
      `KIRO_POOL_ENDPOINTS names ${path}: ${why}`,
      'Mend the file, or unset it.',
      {
        cause,
      },
    );
  }
}
