/** What a person reads once, before the first account: what this is, and the risks in four sentences. */
import { Button } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { Banner } from '../components/feedback.tsx';
import { Logo } from '../components/logo.tsx';
import { words } from '../messages/words.ts';
import { Screen } from '../shell/screen.tsx';
import { act, useAct } from '../store/act.ts';
import { desktop, snapshot } from '../store/pool.ts';
import { navigate } from '../store/route.ts';
import { Risks } from './risks.tsx';

export function FirstRun() {
  const { title, what, risksTitle, accept, acceptDetail, quit, noTray, weak, notAffiliated } = words.firstRun;
  const [isBusy, set] = useAct('settings.set');
  const shell = desktop.value;
  const acceptRisks = async (): Promise<void> => {
    const reply = await set({ key: 'hasAcceptedRisks', value: 'true' });
    // The frame shows this page until the setting has come back with the next snapshot.
    if (reply?.ok === true) navigate(snapshot.value?.accounts.length === 0 ? 'wizard' : 'overview');
  };
  return (
    <div class="first-run">
      <Logo />
      <Screen title={title} width="narrow">
        {what.map((sentence) => (
          <p key={sentence} class="lead">
            {sentence}
          </p>
        ))}
        <Card title={risksTitle}>
          <Risks />
        </Card>
        {shell?.host === 'desktop' && !shell.hasTray && (
          <Banner tone="idle" icon="info" title={noTray.title}>
            <p>{noTray.detail}</p>
          </Banner>
        )}
        {snapshot.value?.secretBox === 'weak' && (
          <Banner tone="warn" title={weak.title}>
            <p>{weak.detail}</p>
          </Banner>
        )}
        <footer class="step-foot">
          <p class="soft">
            {acceptDetail} {notAffiliated}
          </p>
          {shell?.host === 'desktop' && (
            <Button kind="quiet" onClick={() => void act('desktop.quit', {})}>
              {quit}
            </Button>
          )}
          <Button kind="primary" isBusy={isBusy} onClick={() => void acceptRisks()}>
            {accept}
          </Button>
        </footer>
      </Screen>
    </div>
  );
}
