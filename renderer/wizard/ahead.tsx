import { Banner, EmptyState, Skeleton } from '../components/feedback.tsx';
import { Button } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { RadioCards } from '../components/radio-cards.tsx';
import { words } from '../messages/words.ts';
import { useAsk } from '../store/ask.ts';
import { desktop } from '../store/pool.ts';
import { Facts, StepBody, StepForm } from './frame.tsx';
import { whoText } from './who.ts';
import type { KiroCli } from './wizard-state.ts';
import { change, enter, goBack, importLogin, startHandOff, startSignIn, wizard } from './wizard-store.ts';

/** What will happen, and to whose login, in words, before any of it does. */
export function Ahead() {
  switch (wizard.value.draft.way) {
    case 'sync':
      return <BeforeSync />;
    case 'hand-off':
      return <BeforeHandOff />;
    case 'browser':
    case 'api-key':
    case 'backup':
      return <BeforeBrowser />;
  }
}

function BeforeBrowser() {
  const { draft } = wizard.value;
  const { browser, untouched, otherHeading, start, startInBrowser } = words.wizard.ahead;
  const isDesktop = desktop.value?.host !== 'browser';
  return (
    <StepForm submit={isDesktop ? start : startInBrowser} onSubmit={() => void startSignIn()}>
      <Facts facts={browser(words.wizard.kind.choices[draft.kind].title)} />
      {draft.kind === 'identity-center' && <p class="path soft">{draft.startUrl.trim()}</p>}
      <Card title={otherHeading}>
        <p>{untouched}</p>
      </Card>
    </StepForm>
  );
}

function BeforeSync() {
  const { source } = wizard.value.draft;
  const from = source?.from ?? 'kiro-cli';
  const program = words.wizard.sources.from[from];
  const { fork, forkRisk, forkCheck, startSync, kiroCliHeading, ideHeading } = words.wizard.ahead;
  return (
    <StepForm submit={startSync} onSubmit={() => void importLogin()}>
      <Facts facts={fork(program)} />
      <Card title={from === 'kiro-cli' ? kiroCliHeading : ideHeading}>
        <div class="step-fields">
          <p>{forkRisk(program)}</p>
          {from === 'kiro-cli' && <p class="soft">{forkCheck}</p>}
        </div>
      </Card>
    </StepForm>
  );
}

function BeforeHandOff() {
  const { draft } = wizard.value;
  const [asked] = useAsk('sources.whoami', {});
  const { handOff, previous, startHandOff: start, kiroCliHeading, asking, notInstalled } = words.wizard.ahead;
  if (asked.state === 'loading') {
    return (
      <StepBody foot={<BackButton />}>
        <p class="soft">{asking}</p>
        <Skeleton lines={4} />
      </StepBody>
    );
  }
  const kiroCli = asked.state === 'ready' ? asked.value : undefined;
  if (kiroCli?.isInstalled === false) {
    return (
      <StepBody foot={<BackButton />}>
        <EmptyState
          icon="search"
          title={notInstalled.title}
          detail={notInstalled.detail}
          action={<Button onClick={() => enter('browser')}>{words.wizard.way.choices.browser.title}</Button>}
        />
      </StepBody>
    );
  }
  return (
    <StepForm submit={start} onSubmit={() => void startHandOff()}>
      <Facts facts={handOff(words.wizard.kind.choices[draft.kind].title)} />
      <Card title={kiroCliHeading}>
        <div class="step-fields">
          <Banner
            tone={kiroCli?.login === 'signed-out' ? 'idle' : 'warn'}
            icon="info"
            title={whoseLoginEnds(kiroCli)}
          />
          <RadioCards
            label={previous.label}
            value={draft.previous}
            choices={(['put-back', 'keep-new'] as const).map((value) => {
              const { title, detail, detailSignedOut } = previous[value];
              return { value, title, detail: kiroCli?.login === 'signed-out' ? detailSignedOut : detail };
            })}
            onChange={(value) => change({ previous: value })}
          />
        </div>
      </Card>
    </StepForm>
  );
}

function whoseLoginEnds(kiroCli: KiroCli | undefined): string {
  const { signedIn, signedOut, unknown } = words.wizard.ahead;
  if (kiroCli?.login === 'signed-out') return signedOut;
  return kiroCli?.login === 'signed-in' && kiroCli.who !== null ? signedIn(whoText(kiroCli.who)) : unknown;
}

function BackButton() {
  return (
    <Button kind="quiet" icon="back" onClick={goBack}>
      {words.wizard.back}
    </Button>
  );
}
