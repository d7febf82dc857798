import { Button } from '../components/button.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { Countdown } from '../components/moment.tsx';
import { words } from '../messages/words.ts';
import { act } from '../store/act.ts';
import { now } from '../store/clock.ts';
import { desktop } from '../store/pool.ts';
import type { Prompt } from './wizard-state.ts';

/** The code, large, since it is compared with the one in the browser, and what can be done with it. */
export function CodePanel({ prompt }: { readonly prompt: Prompt }) {
  const { copyCode, copyAddress, open, openAgain, spelled } = words.wizard.code;
  const isDesktop = desktop.value?.host !== 'browser';
  return (
    <div class="code-panel">
      <p class="code" aria-label={spelled(prompt.userCode)} role="img">
        {prompt.userCode}
      </p>
      <div class="code-actions">
        <CopyButton label={copyCode} text={prompt.userCode} />
        <Button
          icon="external"
          kind={isDesktop ? 'secondary' : 'primary'}
          onClick={() => void act('desktop.openUrl', { url: prompt.url })}
        >
          {isDesktop ? openAgain : open}
        </Button>
      </div>
      <p class="path soft">{prompt.url}</p>
      <CopyButton label={copyAddress} text={prompt.url} kind="quiet" size="small" />
      <Remaining expiresAt={prompt.expiresAt} />
    </div>
  );
}

function Remaining({ expiresAt }: { readonly expiresAt: number }) {
  const { waiting, ends, ended } = words.wizard.code;
  if (now.value >= expiresAt) return <p class="strong">{ended}</p>;
  return (
    <p class="soft waiting">
      <span class="spinner" aria-hidden="true" />
      <span>
        {waiting} {ends} <Countdown until={expiresAt} />.
      </span>
    </p>
  );
}
