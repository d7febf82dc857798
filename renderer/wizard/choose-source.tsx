import { Button } from '../components/button.tsx';
import { EmptyState, ErrorState, Skeleton } from '../components/feedback.tsx';
import { RadioCards } from '../components/radio-cards.tsx';
import { words } from '../messages/words.ts';
import { useAsk } from '../store/ask.ts';
import { snapshot } from '../store/pool.ts';
import type { FoundLogin } from './draft.ts';
import { StepBody, StepForm } from './frame.tsx';
import { whoText } from './who.ts';
import { change, goBack, goOn, wizard } from './wizard-store.ts';

/** Which login of another program the pool takes. Only what lies there is read. */
export function ChooseSource() {
  const [found, lookAgain] = useAsk('sources.find', {});
  const { title, none, signedInAs } = words.wizard.sources;
  const back = (
    <Button kind="quiet" icon="back" onClick={goBack}>
      {words.wizard.back}
    </Button>
  );
  if (found.state === 'loading') return <StepBody foot={back}>{<Skeleton lines={4} />}</StepBody>;
  if (found.state === 'failed') {
    return <StepBody foot={back}>{<ErrorState error={found.error} onRetry={lookAgain} />}</StepBody>;
  }
  const { logins, kiroCli } = found.value;
  if (logins.length === 0) {
    return (
      <StepBody foot={back}>
        <EmptyState
          icon="search"
          title={none.title}
          detail={none.detail}
          action={
            <Button icon="refresh" isBusy={found.isRefreshing} onClick={lookAgain}>
              {none.again}
            </Button>
          }
        />
      </StepBody>
    );
  }
  const { source } = wizard.value.draft;
  const chosen = source === undefined ? undefined : keyOf(source);
  return (
    <StepForm onSubmit={goOn} canSubmit={logins.some((login) => login.problem === null && keyOf(login) === chosen)}>
      {kiroCli.who !== null && <p class="soft">{signedInAs(whoText(kiroCli.who))}</p>}
      <RadioCards
        label={title}
        isLabelHidden
        value={chosen}
        choices={logins.map((login) => ({
          value: keyOf(login),
          title: titleOf(login),
          detail: <Detail login={login} />,
          isDisabled: login.problem !== null,
        }))}
        onChange={(key) => change({ source: logins.find((login) => keyOf(login) === key) })}
      />
    </StepForm>
  );
}

function Detail({ login }: { readonly login: FoundLogin }) {
  const { place, inPool } = words.wizard.sources;
  const known = snapshot.value?.accounts.find(({ id }) => id === login.account);
  return (
    <>
      <span class="path">{place(login.region, login.path)}</span>
      {login.problem !== null && <span class="radio-card-more">{login.problem}</span>}
      {known && <span class="radio-card-more">{inPool(known.label)}</span>}
    </>
  );
}

function titleOf({ kind, from }: FoundLogin): string {
  const { login, from: programs, unknownKind } = words.wizard.sources;
  return login(kind === null ? unknownKind : words.account.kinds[kind], programs[from]);
}

function keyOf({ from, path, row }: FoundLogin): string {
  return [from, path, row ?? ''].join('|');
}
