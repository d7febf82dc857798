import type { DesktopInfo } from '../../app/contract.ts';
import { Button } from '../components/button.tsx';
import { words } from '../messages/words.ts';
import { act } from '../store/act.ts';
import { desktop, snapshot } from '../store/pool.ts';

/** The version that runs, and a newer one on its way. */
export function Update() {
  const update = desktop.value?.update;
  const version = snapshot.value?.version;
  if (!update || version === undefined) return null;
  const { name, check, install } = words.settings.update;
  const isLooking = update.state === 'checking' || update.state === 'downloading';
  return (
    <div class="setting-line">
      <div>
        <p class="field-label">
          {name} {version}
        </p>
        <p class="soft" role="status">
          {textOf(update)}
        </p>
      </div>
      {update.state === 'ready' ? (
        <Button kind="primary" onClick={() => void act('desktop.installUpdate', {})}>
          {install}
        </Button>
      ) : (
        update.state !== 'off' && (
          <Button isBusy={isLooking} onClick={() => void act('desktop.checkForUpdates', {})}>
            {check}
          </Button>
        )
      )}
    </div>
  );
}

function textOf({ state, version, detail }: DesktopInfo['update']): string {
  const { states } = words.settings.update;
  switch (state) {
    case 'downloading':
    case 'ready':
      return states[state](version ?? words.common.unknown);
    case 'failed':
      return states.failed(detail ?? words.common.unknown);
    case 'off':
    case 'idle':
    case 'checking':
      return states[state];
  }
}
