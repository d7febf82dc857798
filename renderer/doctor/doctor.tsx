/** Everything that has to work, looked at: what does not is said in words, with a button or a sentence that mends it. */
import { useState } from 'preact/hooks';
import type { Output, ScreenContract } from '../../app/contract.ts';
import { AddAccount } from '../account/add-account.tsx';
import { Advice } from '../components/advice.tsx';
import { Button, ButtonLink } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { Banner, ErrorState, Skeleton } from '../components/feedback.tsx';
import type { IconName } from '../components/icon.tsx';
import type { Tone } from '../components/meter.tsx';
import { StatusPill } from '../components/status-pill.tsx';
import { words } from '../messages/words.ts';
import { Screen } from '../shell/screen.tsx';
import { ask, useAsk } from '../store/ask.ts';
import { snapshot } from '../store/pool.ts';
import { hrefOf } from '../store/route.ts';
import { toast } from '../store/toasts.ts';
import { ReportDialog } from './report-dialog.tsx';

type Check = Output<ScreenContract, 'doctor'>[number];

const looks: Readonly<Record<Check['status'], { readonly tone: Tone; readonly icon: IconName }>> = {
  failed: { tone: 'bad', icon: 'octagon' },
  warning: { tone: 'warn', icon: 'alert' },
  ok: { tone: 'good', icon: 'verified' },
};

export function Doctor() {
  const [asked, runAgain] = useAsk('doctor', {});
  /** What a fix found afterwards; newer than what was asked at first. */
  const [mended, setMended] = useState<readonly Check[]>();
  const [fixing, setFixing] = useState<string>();
  const isRunning = asked.state === 'loading' || (asked.state === 'ready' && asked.isRefreshing);
  const { title, run, running, fixed, report } = words.doctor;
  const [showsReport, setShowsReport] = useState(false);
  const fix = async (action: string): Promise<void> => {
    setFixing(action);
    const reply = await ask('doctor.fix', { action });
    setFixing(undefined);
    if (reply.ok) {
      setMended(reply.result);
      toast({ tone: 'good', text: fixed });
    } else toast({ tone: 'bad', text: reply.error.message, detail: reply.error.hint });
  };
  const again = (): void => {
    setMended(undefined);
    runAgain();
  };
  return (
    <Screen
      title={title}
      actions={
        <Button icon="refresh" isBusy={isRunning} onClick={again}>
          {run}
        </Button>
      }
    >
      <p class="spoken" role="status">
        {isRunning ? running : ''}
      </p>
      {asked.state === 'loading' && <Running />}
      {asked.state === 'failed' && <ErrorState error={asked.error} onRetry={again} />}
      {asked.state === 'ready' && (
        <Checks checks={mended ?? asked.value} fixing={fixing} onFix={(action) => void fix(action)} />
      )}
      <Card
        title={report.title}
        detail={report.detail}
        actions={<Button onClick={() => setShowsReport(true)}>{report.prepare}</Button>}
      />
      {showsReport && <ReportDialog onClose={() => setShowsReport(false)} />}
    </Screen>
  );
}

function Running() {
  return (
    <Card title={words.doctor.running} detail={words.doctor.runningDetail}>
      <Skeleton lines={6} />
    </Card>
  );
}

interface ChecksProps {
  readonly checks: readonly Check[];
  /** The fix that is under way. */
  readonly fixing: string | undefined;
  readonly onFix: (action: string) => void;
}

/** What does not work comes first. */
function Checks({ checks, fixing, onFix }: ChecksProps) {
  const of = (status: Check['status']): Check[] => checks.filter((check) => check.status === status);
  const [failed, warnings] = [of('failed').length, of('warning').length];
  const { allFine, summary, checks: title } = words.doctor;
  return (
    <>
      {failed + warnings === 0 ? (
        <Banner tone="accent" icon="verified" title={allFine.title}>
          <p>{allFine.detail(checks.length)}</p>
        </Banner>
      ) : (
        <Banner tone={failed > 0 ? 'bad' : 'warn'} title={summary(failed, warnings)} />
      )}
      <Card title={title}>
        <ul class="rows">
          {[...of('failed'), ...of('warning'), ...of('ok')].map((check) => (
            <Line key={`${check.name} ${check.detail}`} check={check} fixing={fixing} onFix={onFix} />
          ))}
        </ul>
      </Card>
    </>
  );
}

function Line({ check, fixing, onFix }: Omit<ChecksProps, 'checks'> & { readonly check: Check }) {
  const { name, status, detail, fix, action, actionLabel } = check;
  const { tone, icon } = looks[status];
  const { status: texts, whatToDo } = words.doctor;
  return (
    <li class="row">
      <div class="row-text">
        <p class="row-title">
          <span class="strong">{name}</span>
          <StatusPill tone={tone} icon={icon}>
            {texts[status]}
          </StatusPill>
        </p>
        <p class="soft">{detail}</p>
        {fix !== null && status !== 'ok' && (
          <p>
            <span class="soft">{whatToDo}</span> <Advice text={fix} />
          </p>
        )}
      </div>
      <ToWizard check={check} />
      {action !== null && actionLabel !== null && (
        <div class="row-actions">
          <Button
            isBusy={fixing === action}
            isDisabled={fixing !== undefined && fixing !== action}
            label={`${actionLabel}: ${name}`}
            onClick={() => onFix(action)}
          >
            {actionLabel}
          </Button>
        </div>
      )}
    </li>
  );
}

/** An account that is missing, or whose login fails, is mended in the wizard; one that is parked is not. */
function ToWizard({ check: { name, status } }: { readonly check: Check }) {
  const accounts = snapshot.value?.accounts ?? [];
  if (status !== 'failed') return null;
  if (accounts.length === 0) {
    return name === 'Accounts' ? (
      <div class="row-actions">
        <AddAccount kind="secondary" />
      </div>
    ) : null;
  }
  const account = accounts.find(({ label }) => name === `Account ${label}`);
  if (!account || account.state.name === 'parked') return null;
  const { signIn } = words.overview.actions;
  return (
    <div class="row-actions">
      <ButtonLink href={hrefOf('wizard')} label={`${signIn}: ${name}`}>
        {signIn}
      </ButtonLink>
    </div>
  );
}
