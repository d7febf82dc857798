/**
 * How quick the desktop app is to show itself, what it needs, and that a running answer does not feel it: the real shell and
 * screens on the double of Electron (Chromium is real, the windows' drawing is not), with a hundred thousand requests of history.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { buildIfStale } from '../../build/freshness.ts';
import { start } from '../support/command.ts';
import { launchShell } from '../shell/launch.ts';
import type { ShellApp } from '../shell/shell-app.ts';
import { startHistoryFolder } from './history-folder.ts';
import { figure, quantile, runProof, table, type Finding, type ProofArguments } from './page.ts';

const root = new URL('../..', import.meta.url).pathname;
const streams = 20;

/** Runs it. The short form has fewer requests and repeats. */
export async function proveDesktop({ isShort }: ProofArguments): Promise<Finding> {
  await buildIfStale();
  const rows = isShort ? 2_000 : 100_000;
  await using folder = await startHistoryFolder(rows, { eventDelayMs: 20 });
  const env = { ...folder.env, KIRO_POOL_DATA_DIR: folder.file('.') };
  const repeats = isShort ? 3 : 15;
  await using shell = await launchShell({ main: `${root}out/main/index.js`, appPath: root, env });
  const window = await shell.page(/index\.html/);
  await acceptRisks(window);
  const popoverMs = await timePopover(shell, repeats);
  const dashboardMs = await timeDashboard(shell, repeats);
  const page = await shell.page(/index\.html/);
  const mainMb = await memoryOf(shell);
  const engineMb = await engineMemory({ ...env, KIRO_POOL_DATA_DIR: folder.file('../alone') });
  const delays = await timeStreams(shell, page, isShort ? 1 : 3, isShort ? 1_000 : 5_000);
  return finding({ popoverMs, dashboardMs, mainMb, engineMb, ...delays }, rows, isShort);
}

async function acceptRisks(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'I understand the risks' }).click();
}

/** From the click on the tray to the second frame that the popover draws after it is shown. */
async function timePopover(shell: ShellApp, repeats: number): Promise<number[]> {
  const popover = await shell.page(/popover/);
  const times: number[] = [];
  for (let index = 0; index < repeats; index += 1) {
    const startedAt = performance.now();
    await shell.control((controls) => controls.clickTray('click'));
    await twoFrames(popover);
    times.push(performance.now() - startedAt);
    await shell.control((controls) => controls.clickTray('click'));
  }
  return times;
}

/** From the choice in the menu to the chart of 90 days, in a window that was open elsewhere. */
async function timeDashboard(shell: ShellApp, repeats: number): Promise<number[]> {
  const page = await shell.page(/index\.html/);
  const times: number[] = [];
  for (let index = 0; index < repeats; index += 1) {
    await page.evaluate(() => {
      window.location.hash = 'overview';
    });
    await twoFrames(page);
    const startedAt = performance.now();
    await shell.control((controls) => controls.chooseFromTray(['Dashboard…']));
    await page.locator('figure svg').first().waitFor();
    await page.getByRole('radio', { name: '90 d' }).check({ force: true });
    await twoFrames(page);
    times.push(performance.now() - startedAt);
  }
  return times;
}

async function twoFrames(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(resolve));
      }),
  );
}

/** Resident memory of the process with the shell and the engine, MB, once it has been left alone. */
async function memoryOf(shell: ShellApp): Promise<number> {
  await sleep(3_000);
  return shell.evaluate(() => process.memoryUsage().rss / 1e6);
}

/** The same for the engine without a desktop, as the built command. */
async function engineMemory(env: Readonly<Record<string, string>>): Promise<number> {
  await using engine = start(env, 'serve', '--json', '--port', '0');
  await engine.firstLine;
  await sleep(3_000);
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${engine.child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1e3;
}

interface Delays {
  readonly quiet: readonly number[];
  readonly redrawing: readonly number[];
}

/**
 * Gaps between the parts of running answers, in ms, the emulator's 20 included: with the screens left alone, and with the usage
 * screen drawn anew all the time. In alternation, so that both see the same machine.
 */
async function timeStreams(shell: ShellApp, page: Page, rounds: number, ms: number): Promise<Delays> {
  const tray = await shell.control((controls) => controls.tray());
  const url = `http://${/Serving on (\S+)/.exec(tray?.tooltip ?? '')?.[1]}`;
  await shell.control((controls) => controls.chooseFromTray(['Copy key']));
  const key = await shell.control((controls) => controls.clipboardText());
  const quiet: number[] = [];
  const redrawing: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    quiet.push(...(await gapsOf(url, key, ms)));
    const stop = new AbortController();
    const drawing = redraw(page, stop.signal);
    redrawing.push(...(await gapsOf(url, key, ms)));
    stop.abort();
    await drawing;
  }
  return { quiet, redrawing };
}

async function redraw(page: Page, signal: AbortSignal): Promise<void> {
  for (let index = 0; !signal.aborted; index += 1) {
    await page.getByRole('radio', { name: index % 2 === 0 ? '30 d' : '90 d' }).check({ force: true });
    await twoFrames(page);
  }
}

async function gapsOf(url: string, key: string, ms: number): Promise<number[]> {
  const until = performance.now() + ms;
  const gaps: number[] = [];
  await Promise.all(
    Array.from({ length: streams }, async () => {
      while (performance.now() < until) {
        const response = await fetch(`${url}/v1/chat/completions`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
          body: JSON.stringify({
            model: 'claude-sonnet-5',
            stream: true,
            messages: [{ role: 'user', content: 'What is Kiro Pool?' }],
          }),
        });
        if (!response.ok || !response.body) throw new Error(`The endpoint answered ${response.status}`);
        let last = performance.now();
        for await (const piece of response.body) {
          if (piece.length === 0) continue;
          gaps.push(performance.now() - last);
          last = performance.now();
        }
      }
    }),
  );
  return gaps;
}

function finding(
  found: { popoverMs: number[]; dashboardMs: number[]; mainMb: number; engineMb: number } & Delays,
  rows: number,
  isShort: boolean,
): Finding {
  const { popoverMs, dashboardMs, mainMb, engineMb, quiet, redrawing } = found;
  const slack = isShort ? 20 : 1;
  const broken = [
    ...(quantile(popoverMs, 0.5) < 100 * slack ? [] : ['the popover takes 100 ms or more']),
    ...(quantile(dashboardMs, 0.5) < 300 * slack ? [] : ['the dashboard takes 300 ms or more']),
    ...(quantile(redrawing, 0.99) < quantile(quiet, 0.99) * 2 * slack ? [] : ['redrawing charts holds answers up']),
  ];
  const row = (what: string, values: readonly number[], promise: string): string[] => [
    what,
    figure(quantile(values, 0.5), 1),
    figure(quantile(values, 0.99), 1),
    promise,
  ];
  const text = `The real shell, bridge and screens on the double of Electron; Chromium draws, no window manager shows. Times are in ms on a
shared machine, the way to the test and back included.

${table(
  ['what', 'median', 'p99', 'promise'],
  [
    row('popover: from the click on the tray to its second frame', popoverMs, '< 100'),
    row(`dashboard: from the menu to the chart of 90 days, ${figure(rows)} requests of history`, dashboardMs, '< 300'),
    row(`time between two parts (20 ms apart) of ${streams} running answers, screens left alone`, quiet, ''),
    row('the same while the usage screen is drawn anew all the time', redrawing, 'as above'),
  ],
)}
Memory, idle, MB: shell and engine in one process (with the double instead of Electron) ${figure(mainMb)}; the engine alone, as
\`serve\` from its sources, ${figure(engineMb)}.
`;
  return { text, broken };
}

if (import.meta.main) await runProof('desktop', 'The desktop app: how quick, how large', proveDesktop);
