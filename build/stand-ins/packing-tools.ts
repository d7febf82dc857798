import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Debian's programs that packing needs; the packages are p7zip-full, squashfs-tools and desktop-file-utils. */
const programs = {
  sevenZip: '/usr/bin/7za',
  mksquashfs: '/usr/bin/mksquashfs',
  desktopFileValidate: '/usr/bin/desktop-file-validate',
} as const;

/** The programs that this machine lacks. */
export function missingPackingTools(): readonly string[] {
  return Object.values(programs).filter((path) => !existsSync(path));
}

export interface PackingTools {
  /** Names the tools to electron-builder, which would download its own. */
  readonly env: NodeJS.ProcessEnv;
  /** Written when a deb is packed: the arguments of fpm, one a line, and the .desktop file that they name. */
  readonly deb: { readonly arguments: string; readonly desktopFile: string };
}

/**
 * Puts stand-ins for electron-builder's own tools into a folder.
 *
 * - AppImage: the real mksquashfs and desktop-file-validate, around a runtime of zeros: its tree can be read, not run
 * - deb: a program that keeps its arguments and the .desktop file, and leaves an empty package
 */
export function writePackingTools(folder: string): PackingTools {
  const appImage = join(folder, 'appimage');
  mkdirSync(join(appImage, 'runtimes'), { recursive: true });
  symlinkSync(programs.mksquashfs, join(appImage, 'mksquashfs'));
  symlinkSync(programs.desktopFileValidate, join(appImage, 'desktop-file-validate'));
  for (const arch of ['x64', 'arm64']) {
    mkdirSync(join(appImage, 'lib', arch), { recursive: true });
    writeFileSync(join(appImage, 'runtimes', `runtime-${arch}`), Buffer.alloc(appImageRuntimeBytes));
  }
  const deb = { arguments: join(folder, 'deb-arguments'), desktopFile: join(folder, 'deb.desktop') };
  const fpm = join(folder, 'fpm');
  writeFileSync(fpm, fpmScript(deb));
  chmodSync(fpm, 0o755);
  return {
    env: { ELECTRON_BUILDER_7ZIP_PATH: programs.sevenZip, APPIMAGE_TOOLS_PATH: appImage, CUSTOM_FPM_PATH: fpm },
    deb,
  };
}

/** Where the tree of a stand-in AppImage begins. */
export const appImageRuntimeBytes = 4096;

function fpmScript(deb: PackingTools['deb']): string {
  return `#!/bin/sh
printf '%s\\n' "$@" > '${deb.arguments}'
while [ $# -gt 0 ]; do
  case "$1" in
    --package) : > "$2" ;;
    *.desktop=/*) cp "\${1%%=*}" '${deb.desktopFile}' ;;
  esac
  shift
done
`;
}
