/** The two ways in that take a secret: it stays in the shell, or in a terminal, and never comes to a screen. */
import { useRef, useState } from 'preact/hooks';
import { Button, ButtonLink } from '../components/button.tsx';
import { Command } from '../components/command.tsx';
import { TextField } from '../components/field.tsx';
import { words } from '../messages/words.ts';
import { act } from '../store/act.ts';
import { desktop } from '../store/pool.ts';
import { hrefOf } from '../store/route.ts';
import { StepBody, StepForm } from './frame.tsx';
import { addKey, goBack, restoreBackup } from './wizard-store.ts';

/** From the clipboard; in a browser, by the command. */
export function AddKey() {
  const { copy, openKiro, add, promise, button, inTerminal, command, seen } = words.wizard.key;
  if (desktop.value?.host === 'browser') return <InTerminal why={inTerminal} command={command} note={seen} />;
  return (
    <StepForm submit={button} onSubmit={() => void addKey()}>
      <ol class="numbered">
        <li>{copy}</li>
        <li>{add}</li>
      </ol>
      <p class="soft">{promise}</p>
      <div>
        <Button icon="external" onClick={() => void act('desktop.openUrl', { url: kiroPage })}>
          {openKiro}
        </Button>
      </div>
    </StepForm>
  );
}

/** Where a person makes and sees API keys. */
const kiroPage = 'https://app.kiro.dev/';

/** From a file that the shell opens; in a browser, by the command. */
export function RestoreBackup() {
  const { detail, passphrase, missing, button, inTerminal, command, twoMachines } = words.wizard.backup;
  const [typed, setTyped] = useState('');
  const [isTried, setTried] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  if (desktop.value?.host === 'browser') return <InTerminal why={inTerminal} command={command} note={twoMachines} />;
  const submit = (): void => {
    setTried(true);
    if (typed === '') field.current?.focus();
    else void restoreBackup(typed);
  };
  return (
    <StepForm submit={button} onSubmit={submit}>
      <p>{detail}</p>
      <TextField
        label={passphrase}
        type="password"
        value={typed}
        error={isTried && typed === '' ? missing : undefined}
        autoComplete="current-password"
        inputRef={field}
        onInput={setTyped}
      />
      <p class="soft">{twoMachines}</p>
    </StepForm>
  );
}

function InTerminal(props: { readonly why: string; readonly command: string; readonly note: string }) {
  return (
    <StepBody
      foot={
        <>
          <Button kind="quiet" icon="back" onClick={goBack}>
            {words.wizard.back}
          </Button>
          <ButtonLink href={hrefOf('overview')}>{words.wizard.key.toOverview}</ButtonLink>
        </>
      }
    >
      <p>{props.why}</p>
      <Command text={props.command} />
      <p class="soft">{props.note}</p>
    </StepBody>
  );
}
