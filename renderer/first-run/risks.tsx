import { words } from '../messages/words.ts';

/** What may happen to accounts that a tool like this one uses. */
export function Risks() {
  return (
    <ol class="risks">
      {words.firstRun.risks.map((risk) => (
        <li key={risk}>{risk}</li>
      ))}
    </ol>
  );
}
