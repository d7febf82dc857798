import { appendFileSync, chmodSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { makePrivateFolder } from './private-folder.ts';

export interface LogFile {
  /** Appends a line that ends in a newline. Never throws: a full disk must not end the app. */
  write(line: string): void;
  /** The newest lines, the oldest of them first. */
  tail(lines: number): string[];
}

/**
 * The log of the desktop app, whose standard error nobody sees: one file, and the one before it as `.1`. Readable by its owner
 * alone. Lines are few (warnings and errors, unless `KIRO_POOL_LOG` asks for more), so each is written at once.
 * @param path absolute; its folder is made if it is not there
 * @param maxBytes size at which a new file is begun
 */
export function openLogFile(path: string, maxBytes = 1024 * 1024): LogFile {
  makePrivateFolder(dirname(path));
  let bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return {
    write(line) {
      try {
        if (bytes > 0 && bytes + line.length > maxBytes) {
          renameSync(path, `${path}.1`);
          bytes = 0;
        }
        appendFileSync(path, line, { mode: 0o600 });
        if (bytes === 0) chmodSync(path, 0o600);
        bytes += Buffer.byteLength(line);
      } catch {
        // There is nowhere to say so.
      }
    },
    tail(lines) {
      const texts = [`${path}.1`, path].map((file) => {
        try {
          return readFileSync(file, 'utf8');
        } catch {
          return '';
        }
      });
      return texts.join('').split('\n').filter(Boolean).slice(-lines);
    },
  };
}
