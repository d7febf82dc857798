import { useState } from 'preact/hooks';
import type { SnapshotAccount } from '../../app/contract.ts';
import { choiceOf } from '../clients/model-choice.tsx';
import { SetUp } from '../clients/set-up.tsx';
import { Button, ButtonLink } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { Banner, Skeleton } from '../components/feedback.tsx';
import { TextField } from '../components/field.tsx';
import { Icon } from '../components/icon.tsx';
import { credits } from '../format/credits.ts';
import { words } from '../messages/words.ts';
import { useAsk } from '../store/ask.ts';
import { snapshot } from '../store/pool.ts';
import { hrefOf } from '../store/route.ts';
import { toast } from '../store/toasts.ts';
import { StepBody } from './frame.tsx';
import { whoText } from './who.ts';
import type { Added, Aftermath, Step } from './wizard-state.ts';
import { enter, saveLabel } from './wizard-store.ts';

/** The account as Kiro told it, what became of kiro-cli, a label, and the way to the first tool. */
export function Done({ step }: { readonly step: Extract<Step, { at: 'done' }> }) {
  const { added, kiroCli } = step;
  const account = snapshot.value?.accounts.find(({ id }) => id === added.id);
  const { another, overview, useIt, needsLook } = words.wizard.done;
  return (
    <StepBody
      foot={
        <>
          <Button kind="quiet" icon="add" onClick={() => enter()}>
            {another}
          </Button>
          <ButtonLink href={hrefOf('overview')}>{overview}</ButtonLink>
        </>
      }
    >
      {account && account.state.name !== 'ready' && (
        <Banner tone="warn" title={needsLook}>
          <p>{account.state.reason ?? added.reason}</p>
        </Banner>
      )}
      <Card title={added.label} detail={added.reason}>
        <Told added={added} account={account} />
        <Label added={added} />
      </Card>
      <p class="aftermath" role="status">
        <Icon name="info" />
        <span>{aftermathText(kiroCli)}</span>
      </p>
      <Card title={useIt}>
        <OpenCode />
      </Card>
    </StepBody>
  );
}

/** Set up as it was before, if it was. */
function OpenCode() {
  const name = 'opencode';
  const [asked] = useAsk('clients.list', {});
  if (asked.state === 'loading') return <Skeleton lines={5} />;
  return (
    <SetUp
      name={name}
      title={words.wizard.done.firstTool}
      before={choiceOf(asked.value?.find((client) => client.name === name))}
    />
  );
}

function Told({ added, account }: { readonly added: Added; readonly account: SnapshotAccount | undefined }) {
  const { email, plan, credits: title, kind } = words.wizard.done;
  const facts = [
    { title: email, value: account?.email },
    { title: kind, value: added.kind === null ? undefined : words.account.kinds[added.kind] },
    { title: plan, value: account?.plan },
    { title, value: account === undefined ? undefined : creditsText(account) },
  ];
  return (
    <dl class="told">
      {facts.map(({ title, value }) => (
        <div key={title}>
          <dt class="soft">{title}</dt>
          <dd>{value ?? words.common.unknown}</dd>
        </div>
      ))}
    </dl>
  );
}

function creditsText({ credits: known }: SnapshotAccount): string | undefined {
  if (known === null) return undefined;
  if (known.limit === null || known.left === null) return words.wizard.done.noLimit;
  return words.wizard.done.creditsLeft(credits(known.left), credits(known.limit));
}

function Label({ added }: { readonly added: Added }) {
  const { label, labelHint, saveLabel: save, labelSaved } = words.wizard.done;
  const [typed, setTyped] = useState(added.label);
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const { id } = added;
  if (id === null) return null;
  const submit = async (): Promise<void> => {
    setBusy(true);
    const failure = await saveLabel(id, typed);
    setBusy(false);
    setError(failure && `${failure.message} ${failure.hint}`);
    if (!failure) toast({ tone: 'good', text: labelSaved });
  };
  const isSame = typed.trim() === added.label || typed.trim() === '';
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isSame && !isBusy) void submit();
      }}
    >
      <TextField
        label={label}
        hint={labelHint}
        error={error}
        value={typed}
        maxLength={60}
        onInput={setTyped}
        action={
          <Button type="submit" isBusy={isBusy} isDisabled={isSame}>
            {save}
          </Button>
        }
      />
    </form>
  );
}

function aftermathText(aftermath: Aftermath): string {
  const { kiroCli: texts } = words.wizard.done;
  if (aftermath.type !== 'asked') return texts[aftermath.type];
  const { login, who } = aftermath.kiroCli;
  if (login === 'signed-in') return texts.stillSignedIn(who === null ? null : whoText(who));
  return login === 'signed-out' ? texts.signedOut : texts.unknown;
}
