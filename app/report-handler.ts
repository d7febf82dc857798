import { readFile } from 'node:fs/promises';
import { homedir, hostname, release, userInfo } from 'node:os';
import { bugReport } from './clients/bug-report.ts';
import type { ClientSetups } from './clients/client-setups.ts';
import type { Doctor } from './clients/doctor.ts';
import { redactor, type Private } from './clients/report-redactor.ts';
import type { HandlerPorts } from './handler-ports.ts';

/** How many of the newest lines of the log go into a report. */
const logLines = 200;

/** What a bug report says, redacted. It leaves the machine in the hands of the user only, who reads it before. */
export async function previewReport(
  engine: HandlerPorts,
  { doctor, setups }: { doctor: Doctor; setups: ClientSetups },
): Promise<{ text: string }> {
  const { pool, settings, history, folder } = engine.parts;
  const { version, url, secretBox, problems } = engine.status();
  history.flush();
  const text = bugReport({
    at: engine.now(),
    version,
    runtime: `Node ${process.versions.node}${electronVersion()}`,
    system: `${process.platform} ${release()} ${process.arch}`,
    endpoint: url,
    keyStore: secretBox,
    settings: settings.own(),
    accounts: pool.summaries(),
    tools: (await setups.examine()).filter(({ status }) => status !== 'absent'),
    checks: await doctor.examine(),
    requests: history.recent(50),
    problems,
    log: await tailOf(folder.file('kiro-pool.log')),
  });
  return { text: redactor(await privateOf(engine))(text) };
}

/** Everything that is known here and must not go out, whatever it looks like. */
async function privateOf({ parts, env }: HandlerPorts): Promise<Private> {
  const { accounts, keys, folder, pool, settings } = parts;
  const listed = keys.list().filter(({ isLocked }) => !isLocked);
  const summaries = pool.summaries();
  return {
    secrets: [
      ...accounts.list().flatMap(({ credential }) => stringsOf(credential)),
      ...accounts.spentTokens,
      ...(await Promise.all(listed.map(({ name }) => keys.show(name)))),
      folder.token,
    ],
    names: new Map([
      ...summaries.flatMap(({ label, email, id }, index) =>
        [label, email, id].flatMap((each) => (each === null ? [] : [[each, `account ${index + 1}`] as const])),
      ),
      [folder.path, '(data folder)'],
      ...hostsOf({ ...env, ...settings.own() }).map((host) => [host, '(host)'] as const),
    ]),
    home: env['HOME'] ?? homedir(),
    user: userInfo().username,
    host: hostname(),
  };
}

/** Proxies and pages are at companies; a check may name them. */
function hostsOf(values: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(values)
    .filter(([name]) => /proxy|origin/i.test(name))
    .flatMap(([, value]) => (Array.isArray(value) ? value : [value]))
    .flatMap((value) => (typeof value === 'string' ? (URL.parse(value)?.hostname ?? []) : []))
    .filter((host) => host !== '127.0.0.1' && host !== 'localhost');
}

/** Of a credential: what is long enough to be a secret; its kind and region are none. */
function stringsOf(credential: object): string[] {
  return Object.values(credential).filter((value) => typeof value === 'string' && value.length >= 20);
}

function electronVersion(): string {
  const { electron } = process.versions;
  return electron === undefined ? '' : `, Electron ${electron}`;
}

async function tailOf(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').filter(Boolean).slice(-logLines);
}
