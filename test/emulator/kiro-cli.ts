#!/usr/bin/env node
/**
 * Our own `kiro-cli` for tests: the commands, texts and exit codes of protocol §1.4 over the emulator's device logins. The
 * emulator's address comes from KIRO_EMULATOR_URL, the store's place from XDG_DATA_HOME (protocol §1.1).
 */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { signIn } from './kiro-cli-login.ts';
import { readActive, refreshActive, removeLogin, type ActiveLogin } from './kiro-cli-store.ts';

const VERSION = '2.16.0';

/** Runs one command; the result is the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const [command = 'help', ...rest] = args;
  switch (command) {
    case 'login':
      return login(rest);
    case 'logout':
      if (existsSync(storePath())) removeLogin(storePath());
      process.stderr.write('You are now logged out\nRun kiro-cli login to log back in to Kiro CLI\n');
      return 0;
    case 'whoami':
      return whoami(rest);
    case 'debug':
      return rest[0] === 'refresh-auth-token' ? refresh() : unknown(`debug ${rest[0] ?? ''}`);
    case 'version':
    case '--version':
    case '-V':
      process.stdout.write(`kiro-cli ${VERSION}\n`);
      return 0;
    default:
      return unknown(command);
  }
}

async function login(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      license: { type: 'string' },
      'identity-provider': { type: 'string' },
      region: { type: 'string' },
      'use-device-flow': { type: 'boolean' },
    },
  });
  if (active() !== undefined) {
    process.stderr.write('error: Already logged in, please logout with kiro-cli logout first\n');
    return 1;
  }
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    process.stderr.write('error: kiro-cli login must be run in an interactive terminal\n');
    return 1;
  }
  await signIn({
    url: emulatorUrl(),
    storePath: storePath(),
    license: values.license,
    startUrl: values['identity-provider'],
    region: values.region,
  });
  process.stdout.write('Logged in\n');
  return 0;
}

function whoami(args: readonly string[]): number {
  const { values } = parseArgs({
    args: [...args],
    options: { format: { type: 'string', short: 'f', default: 'plain' } },
  });
  const found = active();
  const indent = values.format === 'json-pretty' ? 2 : undefined;
  if (values.format !== 'plain') {
    process.stdout.write(
      `${JSON.stringify(found === undefined ? { account: null } : describe(found), null, indent)}\n`,
    );
  } else {
    process.stdout.write(found === undefined ? 'Not logged in\n' : plain(found));
  }
  return found === undefined ? 1 : 0;
}

async function refresh(): Promise<number> {
  const found = active();
  if (found === undefined) {
    process.stderr.write('error: Not logged in\n');
    return 1;
  }
  const isRefreshed = await refreshActive(storePath(), emulatorUrl(), found);
  process.stderr.write(isRefreshed ? 'Refreshed\n' : 'error: Failed to refresh auth token\n');
  return isRefreshed ? 0 : 1;
}

function describe(login: ActiveLogin): object {
  const profile = login.profileArn === undefined ? {} : { profileArn: login.profileArn };
  if (login.kind === 'social') {
    return {
      accountType: login.provider === 'github' ? 'SocialGitHub' : 'SocialGoogle',
      email: login.email,
      ...profile,
    };
  }
  if (login.kind === 'external-idp') return { accountType: 'ExternalIdp', email: login.email, ...profile };
  const accountType = login.kind === 'builder-id' ? 'BuilderId' : 'IamIdentityCenter';
  return { accountType, startUrl: login.startUrl, region: login.region, ...profile };
}

function plain(login: ActiveLogin): string {
  if (login.kind === 'social')
    return `Logged in with ${login.provider === 'github' ? 'GitHub' : 'Google'}\nEmail: ${login.email}\n`;
  if (login.kind === 'builder-id') return 'Logged in with Builder ID\n';
  if (login.kind === 'external-idp') return 'Logged in with external identity provider\n';
  const profile =
    login.profileArn === undefined ? '' : `\nProfile:\n${login.profileName ?? 'KiroProfile'}\n${login.profileArn}\n`;
  return `Logged in with IAM Identity Center (${login.startUrl ?? ''})\n${profile}`;
}

function unknown(command: string): number {
  process.stderr.write(`error: unrecognized subcommand '${command}'\n`);
  return 1;
}

function active(): ActiveLogin | undefined {
  return existsSync(storePath()) ? readActive(storePath()) : undefined;
}

function storePath(): string {
  const base = process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share');
  return join(base, 'kiro-cli', 'data.sqlite3');
}

function emulatorUrl(): string {
  const url = process.env['KIRO_EMULATOR_URL'];
  if (url === undefined) throw new Error('KIRO_EMULATOR_URL is not set');
  return url;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
