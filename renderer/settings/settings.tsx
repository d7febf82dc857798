/** Every setting of the engine with the control that fits it, the endpoint's keys, backups, and what this program is. */
import { useEffect, useRef } from 'preact/hooks';
import { Card } from '../components/card.tsx';
import { ErrorState, Skeleton } from '../components/feedback.tsx';
import { Switch } from '../components/field.tsx';
import { words } from '../messages/words.ts';
import type { ScreenProps } from '../screens.tsx';
import { Screen } from '../shell/screen.tsx';
import { useAct } from '../store/act.ts';
import { useAsk } from '../store/ask.ts';
import { desktop, snapshot } from '../store/pool.ts';
import { About } from './about.tsx';
import { Backup } from './backup.tsx';
import { Keys } from './keys.tsx';
import { grouped, groups, type Group, type Setting } from './setting-control.ts';
import { SettingRow } from './setting-row.tsx';
import { Update } from './update.tsx';

/** @param rest the part to begin at, such as `keys` */
export function Settings({ rest }: ScreenProps) {
  const known = snapshot.value;
  // What the tray changes is asked for again.
  const changed = [known?.strategy.name, known?.pinned, known?.theme, known?.endpoint.isPaused].join(' ');
  const [asked, again] = useAsk('settings.list', {}, changed);
  const wanted = useRef<HTMLDivElement>(null);
  const isReady = asked.state === 'ready';
  useEffect(() => {
    if (isReady) wanted.current?.scrollIntoView({ block: 'start' });
  }, [rest, isReady]);
  return (
    <Screen title={words.settings.title}>
      {asked.state === 'loading' && <Skeleton lines={8} />}
      {asked.state === 'failed' && <ErrorState error={asked.error} onRetry={again} />}
      {asked.state === 'ready' && <Groups settings={asked.value} onSaved={again} />}
      <div ref={rest === 'keys' ? wanted : null}>
        <Keys />
      </div>
      <div ref={rest === 'backup' ? wanted : null}>
        <Backup />
      </div>
      <About />
    </Screen>
  );
}

function Groups({ settings, onSaved }: { readonly settings: readonly Setting[]; readonly onSaved: () => void }) {
  const byGroup = grouped(settings);
  return (
    <>
      {groups.map((group) => {
        const rows = byGroup[group];
        if (rows.length === 0) return null;
        return (
          <Card key={group} title={words.settings.groups[group]}>
            <div class="settings">
              {group === 'app' && <StartAtLogin />}
              {rows.map((setting) => (
                <SettingRow key={setting.key} setting={setting} onSaved={onSaved} />
              ))}
              <Extra group={group} />
            </div>
          </Card>
        );
      })}
    </>
  );
}

function Extra({ group }: { readonly group: Group }) {
  return group === 'app' ? <Update /> : null;
}

/** Not a setting of the engine: the system keeps it. */
function StartAtLogin() {
  const isOn = desktop.value?.startsAtLogin;
  const [isBusy, set] = useAct('desktop.setStartAtLogin');
  const { name, detail } = words.settings.startAtLogin;
  if (isOn === null || isOn === undefined) return null;
  return (
    <Switch label={name} detail={detail} isOn={isOn} isDisabled={isBusy} onChange={(isOn) => void set({ isOn })} />
  );
}
