import type { Account } from './accounts.ts';
import type { DeviceLogin } from './device-logins.ts';
import type { Exchange } from './exchange.ts';
import { unknownOperation } from './refusal.ts';
import type { World } from './world.ts';

/** Approves a user code as an account. Throws when the code is unknown or the account cannot sign in this way. */
export function approveDevice(world: World, userCode: string, accountId: string): void {
  const login = pendingLogin(world, userCode);
  const account = world.account(accountId);
  if (account === undefined || !fits(account, login))
    throw new Error(`account ${accountId} cannot approve ${userCode}`);
  login.accountId = accountId;
  login.state = 'approved';
}

/** Denies a user code. */
export function denyDevice(world: World, userCode: string): void {
  pendingLogin(world, userCode).state = 'denied';
}

/** The page behind the verification URL: a button per account that fits, and one to deny. For people who try the demo. */
export async function approvalPage(exchange: Exchange, world: World): Promise<void> {
  exchange.operation('ApprovalPage');
  if (exchange.request.method === 'POST') {
    const form = new URLSearchParams((await exchange.body()).toString('utf8'));
    const userCode = form.get('user_code') ?? '';
    const accountId = form.get('account') ?? '';
    if (accountId === '') denyDevice(world, userCode);
    else approveDevice(world, userCode, accountId);
    return html(exchange, `<p>${accountId === '' ? 'Denied' : 'Approved'}. You can close this page.</p>`);
  }
  if (exchange.request.method !== 'GET') throw unknownOperation('operation-unknown', 'the page answers GET and POST');
  const userCode = exchange.query.get('user_code') ?? '';
  const login = world.devices.byUserCode(userCode);
  if (login === undefined || login.state !== 'pending') return html(exchange, '<p>No login waits for this code.</p>');
  const button = (account: string, label: string): string =>
    `<form method="post"><input type="hidden" name="user_code" value="${escape(userCode)}"><button name="account" value="${escape(account)}">${escape(label)}</button></form>`;
  const fitting = world.accounts().filter((account) => fits(account, login));
  const buttons = fitting.map((account) => button(account.id, `Approve as ${account.email}`));
  return html(exchange, `<p>Code <b>${escape(userCode)}</b></p>${buttons.join('')}${button('', 'Deny')}`);
}

function pendingLogin(world: World, userCode: string): DeviceLogin {
  const login = world.devices.byUserCode(userCode);
  if (login === undefined) throw new Error(`no device login has the code ${userCode}`);
  return login;
}

function fits(account: Account, login: DeviceLogin): boolean {
  if (login.flow === 'social') return account.kind === 'social' && account.provider === login.provider;
  return account.startUrl === login.startUrl && account.ssoRegion === login.region;
}

function html(exchange: Exchange, body: string): void {
  const page = `<!doctype html><meta charset="utf-8"><title>Kiro emulator</title><h1>Kiro emulator</h1>${body}`;
  exchange.page(page);
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
