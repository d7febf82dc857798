import type { ComponentChildren } from 'preact';
import type { RequestView } from '../../app/contract.ts';
import { Meter } from '../components/meter.tsx';
import { count, percent } from '../format/amount.ts';
import { exactCredits } from '../format/credits.ts';
import { words } from '../messages/words.ts';

/** What a request cost. Credits and context are Kiro's; tokens are estimates and say so. */
export function Facts({ request }: { readonly request: RequestView }) {
  const text = words.requests.facts;
  const { contextPercent } = request;
  return (
    <dl class="facts">
      <Fact name={text.credits}>{request.credits === null ? <NotReported /> : exactCredits(request.credits)}</Fact>
      <Fact name={text.context}>
        {contextPercent === null ? (
          <NotReported />
        ) : (
          <span class="fact-meter">
            {percent(contextPercent)}
            <Meter
              label={text.context}
              share={contextPercent / 100}
              text={percent(contextPercent)}
              tone={contextPercent >= 85 ? 'warn' : 'accent'}
            />
          </span>
        )}
      </Fact>
      <Fact name={text.inputTokens}>
        <Estimate tokens={request.inputTokens} />
      </Fact>
      <Fact name={text.outputTokens}>
        <Estimate tokens={request.outputTokens} />
      </Fact>
      <Fact name={text.sends}>{count(request.sends)}</Fact>
      <Fact name={text.key}>{request.key}</Fact>
      <Fact name={text.session}>{request.session === null ? words.common.none : <code>{request.session}</code>}</Fact>
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt class="soft">{name}</dt>
      <dd class="number">{children}</dd>
    </div>
  );
}

function NotReported() {
  return <span class="soft">{words.requests.facts.notReported}</span>;
}

function Estimate({ tokens }: { readonly tokens: number | null }) {
  if (tokens === null) return <NotReported />;
  return (
    <>
      {count(tokens)} <span class="tag">{words.requests.facts.estimate}</span>
    </>
  );
}
