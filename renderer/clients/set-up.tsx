import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Output, ScreenContract } from '../../app/contract.ts';
import type { Failure } from '../bridge/screen-bridge.ts';
import { AddAccount } from '../account/add-account.tsx';
import { Button } from '../components/button.tsx';
import { Command } from '../components/command.tsx';
import { DiffView } from '../components/diff-view.tsx';
import { Banner, ErrorState, Skeleton } from '../components/feedback.tsx';
import { words } from '../messages/words.ts';
import { ask, useAsk } from '../store/ask.ts';
import { snapshot } from '../store/pool.ts';
import { ModelChoice, type Choice } from './model-choice.tsx';

type Plan = Output<ScreenContract, 'clients.preview'>;
type Applied = Output<ScreenContract, 'clients.apply'>;

type Phase =
  | { readonly at: 'choosing'; readonly error?: Failure }
  | { readonly at: 'writing' | 'undoing' }
  | { readonly at: 'applied'; readonly applied: Applied; readonly error?: Failure }
  | { readonly at: 'undone'; readonly plan: Plan };

/**
 * Sets a coding tool up: what would be written as a diff, then writing it, then taking it back.
 * @param before what it was set up with
 * @param choosesModel false for what takes no model, such as a few variables
 * @param onChange told when something was written
 */
export function SetUp(props: {
  readonly name: string;
  readonly title: string;
  readonly before: Choice;
  readonly choosesModel?: boolean;
  readonly onChange?: () => void;
}) {
  const { name, title, choosesModel = true, onChange } = props;
  const [choice, setChoice] = useState<Choice>(props.before);
  const [phase, setPhase] = useState<Phase>({ at: 'choosing' });
  const outcome = useRef<HTMLDivElement>(null);
  const { detail } = words.clients;

  const show = (next: Phase): void => {
    setPhase(next);
    onChange?.();
  };
  // The button that was pressed is gone.
  useLayoutEffect(() => outcome.current?.focus(), [phase.at]);
  const apply = async (): Promise<void> => {
    setPhase({ at: 'writing' });
    const reply = await ask('clients.apply', { name, ...inputOf(choice) });
    if (reply.ok) show({ at: 'applied', applied: reply.result });
    else setPhase({ at: 'choosing', error: reply.error });
  };
  const undo = async (applied: Applied): Promise<void> => {
    setPhase({ at: 'undoing' });
    const reply = await ask('clients.undo', { name });
    if (reply.ok) show({ at: 'undone', plan: reply.result });
    else setPhase({ at: 'applied', applied, error: reply.error });
  };

  switch (phase.at) {
    case 'choosing':
    case 'writing':
      return (
        <div class="set-up">
          {phase.at === 'choosing' && phase.error && <Problem error={phase.error} />}
          {choosesModel && <ModelChoice choice={choice} onChange={setChoice} />}
          <Preview name={name} choice={choice} isBusy={phase.at === 'writing'} onApply={() => void apply()} />
        </div>
      );
    case 'undoing':
      return <Skeleton lines={3} />;
    case 'applied':
      return (
        <div class="set-up" ref={outcome} tabIndex={-1}>
          <Banner tone="accent" icon="check" title={detail.applied(title)}>
            <p>{detail.appliedDetail}</p>
          </Banner>
          {phase.error && <Problem error={phase.error} />}
          <Steps steps={phase.applied.steps} />
          <Backups paths={phase.applied.backups} />
          <div>
            <Button onClick={() => void undo(phase.applied)}>{detail.undo}</Button>
          </div>
        </div>
      );
    case 'undone':
      return (
        <div class="set-up" ref={outcome} tabIndex={-1}>
          <Banner tone="idle" icon="check" title={detail.undone(title)}>
            <p>
              {phase.plan.changes.every(({ kind }) => kind === 'none') ? detail.nothingUndone : detail.undoneDetail}
            </p>
          </Banner>
          <Changes plan={phase.plan} />
          <Steps steps={phase.plan.steps} />
          <div>
            <Button onClick={() => setPhase({ at: 'choosing' })}>{detail.setUpAgain}</Button>
          </div>
        </div>
      );
  }
}

function Preview(props: {
  readonly name: string;
  readonly choice: Choice;
  readonly isBusy: boolean;
  readonly onApply: () => void;
}) {
  const [preview, again] = useAsk('clients.preview', { name: props.name, ...inputOf(props.choice) });
  const { detail } = words.clients;
  if (preview.state === 'loading') return <Skeleton lines={5} />;
  if (preview.state === 'failed') {
    const hasAccount = (snapshot.value?.accounts.length ?? 0) > 0;
    return <ErrorState error={preview.error} action={hasAccount ? undefined : <AddAccount />} onRetry={again} />;
  }
  const plan = preview.value;
  const isKeyOnly = plan.changes.length === 0;
  if (!isKeyOnly && plan.changes.every(({ kind }) => kind === 'none')) {
    return (
      <>
        <p>{detail.noChange}</p>
        <Steps steps={plan.steps} />
      </>
    );
  }
  return (
    <>
      <Changes plan={plan} />
      {isKeyOnly && <Steps steps={plan.steps} />}
      <p class="soft">{isKeyOnly ? detail.keyOnly : detail.backup}</p>
      <div>
        <Button kind="primary" isBusy={props.isBusy || preview.isRefreshing} onClick={props.onApply}>
          {isKeyOnly ? detail.makeKey : detail.apply}
        </Button>
      </div>
    </>
  );
}

function Changes({ plan }: { readonly plan: Plan }) {
  return (
    <>
      {plan.changes
        .filter(({ kind }) => kind !== 'none')
        .map(({ path, diff }) => (
          <DiffView key={path} path={path} diff={diff} />
        ))}
    </>
  );
}

/** Sentences, and lines for a shell. */
function Steps({ steps }: { readonly steps: readonly string[] }) {
  if (steps.length === 0) return null;
  return (
    <div>
      <h3>{words.clients.detail.steps}</h3>
      <ol class="numbered">
        {steps.map((step) => (
          <li key={step}>{isForShell(step) ? <Command text={step} /> : step}</li>
        ))}
      </ol>
    </div>
  );
}

function isForShell(step: string): boolean {
  return /^(?:export |set |\$env:)/.test(step);
}

function Backups({ paths }: { readonly paths: readonly string[] }) {
  if (paths.length === 0) return null;
  return (
    <p class="soft">
      {words.clients.detail.backups}: <span class="path">{paths.join(', ')}</span>
    </p>
  );
}

function Problem({ error }: { readonly error: Failure }) {
  return (
    <Banner tone="bad" title={error.message}>
      <p>{error.hint}</p>
    </Banner>
  );
}

function inputOf({ model, wantsSmall, smallModel }: Choice): { model?: string; smallModel?: string } {
  return {
    ...(model === '' ? {} : { model }),
    ...(wantsSmall && smallModel !== '' ? { smallModel } : {}),
  };
}
