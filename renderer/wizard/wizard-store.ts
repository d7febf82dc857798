/**
 * What the wizard does with the engine. Its state lives here and not in a component: whoever looks at another screen while the
 * browser is open finds the code again.
 */
import { computed, signal } from '@preact/signals';
import type { Output, Reply, ScreenContract } from '../../app/contract.ts';
import type { Failure } from '../bridge/screen-bridge.ts';
import { words } from '../messages/words.ts';
import { ask } from '../store/ask.ts';
import { desktop } from '../store/pool.ts';
import { targetOf, type Draft, type Way } from './draft.ts';
import { draftOf, forget, noteClosed, remember, remembered, type Remembered } from './remembered.ts';
import { beginning, next, type Added, type WizardEvent } from './wizard-state.ts';

const state = signal(beginning);
export const wizard = computed(() => state.value);

/** Of the sign-in under way; an answer to an earlier one is of no interest any more. */
let current: string | undefined;

function tell(event: WizardEvent): void {
  state.value = next(state.value, event);
}

/** Begins anew, at the choice of a way or within one. */
export function enter(way?: Way): void {
  state.value = beginning;
  if (way !== undefined) tell({ type: 'entered', way });
}

export function change(change: Partial<Draft>): void {
  tell({ type: 'changed', change });
}

export function goOn(): void {
  tell({ type: 'forward' });
}

export function goBack(): void {
  tell({ type: 'back' });
}

/** A code is waited for, or kiro-cli is at work: leaving would lose it. */
export const isUnderWay = computed(() => ['code', 'hand-off'].includes(state.value.step.at));

export async function startSignIn(): Promise<void> {
  const { draft } = state.value;
  tell({ type: 'began', work: 'starting' });
  const reply = await ask('login.start', targetOf(draft));
  if (!reply.ok) {
    tell({ type: 'failed', error: reply.error });
    return;
  }
  const { loginId, ...prompt } = reply.result;
  remember(loginId, draft, prompt);
  tell({ type: 'prompted', prompt });
  openPage(prompt.url);
  await waitForLogin(loginId);
}

/** In a browser a tab may be opened only at a click; there, the button says so. */
function openPage(url: string): void {
  if (desktop.value?.host === 'desktop') void ask('desktop.openUrl', { url });
}

async function waitForLogin(loginId: string): Promise<void> {
  current = loginId;
  const reply = await ask('login.wait', { loginId });
  if (current !== loginId) return;
  release(reply);
  if (reply.ok) finish(reply.result);
  else if (isCancelling()) tell({ type: 'cancelled' });
  else tell({ type: 'failed', error: reply.error });
}

/** It is over; but one that the engine could not be asked about may go on, and is found again later. */
function release(reply: Reply<unknown>): void {
  current = undefined;
  if (reply.ok || reply.error.code !== 'unreachable') forget();
}

export async function startHandOff(): Promise<void> {
  const { draft } = state.value;
  tell({ type: 'began', work: 'starting' });
  const reply = await ask('handOff.start', { ...targetOf(draft), previous: draft.previous });
  if (!reply.ok) {
    tell({ type: 'failed', error: reply.error });
    return;
  }
  const { handOffId } = reply.result;
  remember(handOffId, draft);
  tell({ type: 'handed-off' });
  await followHandOff(handOffId, openPage);
}

/**
 * Shows each step as it comes, until the last.
 * @param onPage called with the page that kiro-cli waits for
 */
async function followHandOff(handOffId: string, onPage: (url: string) => void): Promise<void> {
  current = handOffId;
  for (let seen = 0; ;) {
    const reply = await ask('handOff.news', { handOffId, seen });
    if (current !== handOffId) return;
    if (!reply.ok) {
      release(reply);
      tell({ type: 'failed', error: reply.error });
      return;
    }
    const { steps, isOver } = reply.result;
    seen += steps.length;
    tell({ type: 'news', steps });
    if (isOver) {
      release(reply);
      tell(endOf(reply.result));
      return;
    }
    const waiting = steps.findLast((step) => step.type === 'waiting');
    if (waiting) onPage(waiting.url);
  }
}

function endOf({ steps, result }: Output<ScreenContract, 'handOff.news'>): WizardEvent {
  if (result) return { type: 'added', added: result };
  const failed = steps.find((step) => step.type === 'failed');
  if (!failed) return { type: 'cancelled' };
  return { type: 'failed', error: { code: 'hand-off', message: failed.message, hint: failed.hint } };
}

/** Ends what waits for its user. How it ended is told by whoever waits for it. */
export async function cancelSignIn(): Promise<void> {
  const id = current;
  if (id === undefined || isCancelling()) return;
  const isHandOff = state.value.step.at === 'hand-off';
  tell({ type: 'cancelling' });
  await cancelOf(id, isHandOff);
}

function cancelOf(id: string, isHandOff: boolean): Promise<unknown> {
  return isHandOff ? ask('handOff.cancel', { handOffId: id }) : ask('login.cancel', { loginId: id });
}

function isCancelling(): boolean {
  const { step } = state.value;
  return (step.at === 'code' || step.at === 'hand-off') && step.isCancelling;
}

export async function importLogin(): Promise<void> {
  const { source } = state.value.draft;
  if (!source) return;
  tell({ type: 'began', work: 'importing' });
  const { from, path, row } = source;
  const reply = await ask('accounts.import', row === null ? { from, path } : { from, path, row });
  if (!reply.ok) {
    tell({ type: 'failed', error: reply.error });
    return;
  }
  const [added] = reply.result;
  if (added) finish(added);
  else tell({ type: 'failed', error: { code: 'no-login', ...words.wizard.sources.gone } });
}

export async function addKey(): Promise<void> {
  tell({ type: 'began', work: 'adding-key' });
  const reply = await ask('desktop.addKeyFromClipboard', {});
  if (reply.ok) finish(reply.result);
  else tell({ type: 'failed', error: reply.error });
}

/** @param passphrase goes to the shell, which opens the file, and is kept nowhere */
export async function restoreBackup(passphrase: string): Promise<void> {
  tell({ type: 'began', work: 'restoring' });
  const reply = await ask('desktop.restoreBackup', { passphrase });
  if (!reply.ok) tell({ type: 'failed', error: reply.error });
  else if (reply.result === null) tell({ type: 'entered', way: 'backup' });
  else tell({ type: 'restored', restored: reply.result });
}

export async function chooseProfile(id: string, profile: string): Promise<void> {
  tell({ type: 'charging' });
  const reply = await ask('accounts.profile', { id, profile });
  if (reply.ok) finish(reply.result);
  else tell({ type: 'failed', error: reply.error });
}

/** @returns why the label cannot be taken */
export async function saveLabel(id: string, label: string): Promise<Failure | undefined> {
  const reply = await ask('accounts.label', { id, label });
  if (!reply.ok) return reply.error;
  tell({ type: 'labelled', label: reply.result.label });
  return undefined;
}

function finish(added: Added): void {
  tell({ type: 'added', added });
  const { step } = state.value;
  if (step.at === 'done' && step.kiroCli.type === 'asking') void askKiroCli();
}

/** Whether kiro-cli is still signed in, now that its login was forked. */
async function askKiroCli(): Promise<void> {
  const reply = await ask('sources.whoami', {});
  const kiroCli = reply.ok ? reply.result : ({ isInstalled: true, login: 'unknown', who: null } as const);
  tell({ type: 'kiro-cli-asked', kiroCli });
}

/**
 * Goes on with a sign-in that an earlier window began: with kiro-cli in any case, since it goes on by itself; in the browser
 * only when its window is still there. One whose window was closed ends, unless it was confirmed meanwhile.
 */
export async function resume(): Promise<void> {
  const noted = remembered();
  if (!noted || current !== undefined) return;
  current = noted.id;
  if (noted.prompt === undefined) await resumeHandOff(noted);
  else if (noted.isClosed) await endClosed(noted.id);
  else {
    tell({ type: 'found-again', draft: draftOf(noted), prompt: noted.prompt });
    await waitForLogin(noted.id);
  }
}

async function resumeHandOff(noted: Remembered): Promise<void> {
  const reply = await ask('handOff.news', { handOffId: noted.id, seen: 0 });
  if (current !== noted.id) return;
  if (!reply.ok) {
    release(reply);
    return;
  }
  tell({ type: 'found-again', draft: draftOf(noted), prompt: undefined });
  await followHandOff(noted.id, () => undefined);
}

async function endClosed(loginId: string): Promise<void> {
  await ask('login.cancel', { loginId });
  const reply = await ask('login.wait', { loginId });
  if (current !== loginId) return;
  release(reply);
  if (reply.ok) finish(reply.result);
  else tell({ type: 'window-closed' });
}

/** A code whose window is closed is of no use to anybody. A sign-in with kiro-cli goes on, and is found again. */
window.addEventListener('pagehide', () => {
  const noted = noteClosed();
  if (noted?.prompt !== undefined && noted.id === current) void cancelOf(noted.id, false);
});
