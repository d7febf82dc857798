import { DoubleShell } from './launch-double.ts';
import { ElectronShell } from './launch-electron.ts';
import type { LaunchOptions, ShellApp } from './shell-app.ts';

/** Starts a shell: on the double, or in a real Electron where `npm run test:electron` found one. */
export function launchShell(options: LaunchOptions): Promise<ShellApp> {
  const program = process.env['ELECTRON_PROGRAM'];
  return program === undefined ? DoubleShell.launch(options) : ElectronShell.launch(program, options);
}
