import { writePrivateFile } from '../store/private-file.ts';
import type { CommonOptions, Io } from './io.ts';
import { oneLine } from './format.ts';
import { failQuietly, report } from './command.ts';
import { nextStep } from './next-step.ts';
import { withEngine } from './session.ts';

const marks = { ok: 'ok     ', warning: 'warning', failed: 'FAILED ' } as const;

interface DoctorOptions extends CommonOptions {
  /** An action that a check proposed. */
  readonly fix?: string;
}

/** `kiro-pool doctor`: exit code 1 when something does not work. */
export async function doctor(io: Io, options: DoctorOptions): Promise<void> {
  const { fix: action } = options;
  const checks = await withEngine(io, options, (ask) =>
    action === undefined ? ask('doctor', {}) : ask('doctor.fix', { action }),
  );
  report(io, options, checks, () =>
    checks
      .map(
        ({ name, status, detail, fix, action, actionLabel }) =>
          oneLine(`${marks[status]} ${name}: ${detail}`) +
          (fix === null ? '' : oneLine(`        ${fix}`)) +
          (action === null ? '' : oneLine(`        ${actionLabel}: ${nextStep(`doctor --fix ${action}`, options)}`)),
      )
      .join(''),
  );
  if (checks.some(({ status }) => status === 'failed')) failQuietly();
}

interface ReportOptions extends CommonOptions {
  readonly force: boolean;
}

/** `kiro-pool report [FILE]`: shows what a bug report says, or writes it. It is sent by nobody but the user. */
export async function bugReport(io: Io, file: string | undefined, options: ReportOptions): Promise<void> {
  const { text } = await withEngine(io, options, (ask) => ask('report.preview', {}));
  if (file === undefined) return report(io, options, { text }, () => text.trimEnd().split('\n').map(oneLine).join(''));
  await writePrivateFile(file, text, { force: options.force });
  report(io, options, { file }, () => oneLine(`Wrote ${file}. Read it before you give it to anybody.`));
}
