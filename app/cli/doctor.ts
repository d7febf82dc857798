import type { CommonOptions, Io } from './io.ts';
import { oneLine } from './format.ts';
import { failQuietly, report } from './command.ts';
import { withEngine } from './session.ts';

const marks = { ok: 'ok     ', warning: 'warning', failed: 'FAILED ' } as const;

/** `kiro-pool doctor`: exit code 1 when something does not work. */
export async function doctor(io: Io, options: CommonOptions): Promise<void> {
  const checks = await withEngine(io, options, (ask) => ask('doctor', {}));
  report(io, options, checks, () =>
    checks
      .map(
        ({ name, status, detail, fix }) =>
          `${oneLine(`${marks[status]} ${name}: ${detail}`)}${fix === null ? '' : oneLine(`        ${fix}`)}`,
      )
      .join(''),
  );
  if (checks.some(({ status }) => status === 'failed')) failQuietly();
}
