import { useRef, useState } from 'preact/hooks';
import { Button, ButtonLink } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { TextField } from '../components/field.tsx';
import { Meter } from '../components/meter.tsx';
import { words } from '../messages/words.ts';
import { useAct } from '../store/act.ts';
import { desktop } from '../store/pool.ts';
import { hrefOf } from '../store/route.ts';
import { toast } from '../store/toasts.ts';
import { strengthOf, type Strength } from './strength.ts';

/** Everything in one sealed file, and the way back. */
export function Backup() {
  const { title, detail, inTerminal, restore } = words.settings.backup;
  const isBrowser = desktop.value?.host === 'browser';
  return (
    <Card
      title={title}
      detail={detail}
      actions={
        <ButtonLink href={hrefOf('wizard/backup')} kind="quiet">
          {restore}
        </ButtonLink>
      }
    >
      {isBrowser ? <p class="soft">{inTerminal}</p> : <SaveForm />}
    </Card>
  );
}

function SaveForm() {
  const [typed, setTyped] = useState('');
  const [repeated, setRepeated] = useState('');
  const [isTried, setTried] = useState(false);
  const [left, setLeft] = useState<readonly string[]>([]);
  const [isBusy, save] = useAct('desktop.saveBackup');
  const first = useRef<HTMLInputElement>(null);
  const second = useRef<HTMLInputElement>(null);
  const {
    passphrase,
    repeat,
    hint,
    differ,
    missing,
    lost,
    save: button,
    saved,
    left: leftText,
  } = words.settings.backup;
  const submit = async (): Promise<void> => {
    setTried(true);
    if (typed === '') return first.current?.focus();
    if (typed !== repeated) return second.current?.focus();
    const reply = await save({ passphrase: typed });
    if (reply?.ok !== true || reply.result.path === null) return undefined;
    setTyped('');
    setRepeated('');
    setTried(false);
    setLeft(reply.result.left);
    toast({ tone: 'good', text: saved(reply.result.path) });
    return undefined;
  };
  return (
    <form
      class="settings"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) void submit();
      }}
    >
      <div class="pair">
        <div>
          <TextField
            label={passphrase}
            hint={hint}
            error={isTried && typed === '' ? missing : undefined}
            type="password"
            autoComplete="new-password"
            value={typed}
            inputRef={first}
            onInput={setTyped}
          />
          <StrengthMeter strength={strengthOf(typed)} />
        </div>
        <TextField
          label={repeat}
          error={isTried && typed !== repeated ? differ : undefined}
          type="password"
          autoComplete="new-password"
          value={repeated}
          inputRef={second}
          onInput={setRepeated}
        />
      </div>
      <p class="soft">{lost}</p>
      {left.length > 0 && <p role="status">{leftText(left.join(', '))}</p>}
      <div>
        <Button type="submit" icon="down" isBusy={isBusy}>
          {button}
        </Button>
      </div>
    </form>
  );
}

const looks = {
  weak: { share: 0.25, tone: 'bad' },
  fair: { share: 0.6, tone: 'warn' },
  strong: { share: 1, tone: 'good' },
} as const;

function StrengthMeter({ strength }: { readonly strength: Strength }) {
  if (strength === 'none') return null;
  const { strengthLabel, strength: texts } = words.settings.backup;
  return (
    <div class="strength">
      <Meter label={strengthLabel} text={texts[strength]} {...looks[strength]} />
      <p class="soft" role="status">
        {texts[strength]}
      </p>
    </div>
  );
}
