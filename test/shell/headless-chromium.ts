import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';

/** A Chromium without windows, that can reach nothing but this machine. */
export interface HeadlessChromium extends AsyncDisposable {
  /** Its DevTools address. */
  readonly endpoint: string;
}

const flags = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--no-default-browser-check',
  '--no-startup-window',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-default-apps',
  '--disable-popup-blocking',
  '--disable-features=Translate,OptimizationHints,MediaRouter',
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
  '--remote-debugging-port=0',
  '--force-color-profile=srgb',
  '--hide-scrollbars',
  '--mute-audio',
];

/** @param folder for its profile; the caller removes it */
export async function startChromium(folder: string): Promise<HeadlessChromium> {
  const child = spawn(program(), [...flags, `--user-data-dir=${join(folder, 'chromium')}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return {
    endpoint: await endpointOf(child),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** Debian's, which is of the same major version as Electron's; elsewhere the one that Playwright brings. */
function program(): string {
  const debian = '/usr/bin/chromium';
  return existsSync(debian) ? debian : chromium.executablePath();
}

function endpointOf(child: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let told = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    told += text;
    const [, endpoint] = /^DevTools listening on (ws:\S+)/m.exec(told) ?? [];
    if (endpoint !== undefined) resolve(endpoint);
  });
  child.on('error', reject);
  child.on('exit', () => reject(new Error(`Chromium did not start:\n${told}`)));
  return promise;
}
