/** kill -9 of `serve` at random moments, while the tokens of ten accounts rotate all the time (DESIGN promise 3). */
import { availableParallelism } from 'node:os';
import { KillRun, type KillCounts } from './kill-run.ts';
import { figure, quantile, runProof, table, type Finding } from './page.ts';

/** Kills that often, and says what came of it. */
export async function proveKills(kills: number, seed = 1): Promise<KillCounts> {
  await using run = await KillRun.start(seed);
  for (let index = 0; index < kills; index += 1) await run.once();
  await run.settle();
  return run.counts();
}

/** What must hold, and the figures. */
export function killFinding(counts: KillCounts): Finding {
  const { kills, early, starts, served, failed, corrupt, rotations, saved, neverCame, cameTooLate, usedUnsaved } =
    counts;
  const lost = neverCame + cameTooLate;
  const broken: string[] = [];
  const check = (isHeld: boolean, otherwise: string): void => {
    if (!isHeld) broken.push(otherwise);
  };
  check(starts + early === kills + 1, `${kills + 1 - starts - early} starts failed`);
  check(corrupt.length === 0, `stores were not whole: ${corrupt.join('; ')}`);
  check(failed.length === 0, `requests failed: ${[...new Set(failed)].join('; ')}`);
  check(served >= starts, 'a start did not serve');
  check(usedUnsaved === 0, `${usedUnsaved} tokens were used before they were saved`);
  check(counts.reused === lost, `${counts.reused} refresh tokens were sent again, ${lost} were lost in flight`);
  check(
    counts.repeatedInLife === 0,
    `${counts.repeatedInLife} refused refresh tokens were sent again by the same process`,
  );
  check(counts.lostOtherwise.length === 0, `families were lost otherwise: ${counts.lostOtherwise.join('; ')}`);
  check(rotations === saved + lost, `${rotations} rotations, ${saved} saved, ${lost} lost`);
  const { unsavedMs } = counts;
  const longest = Math.max(0, ...unsavedMs);
  check(longest < 500, `a token that had come was not on disk ${figure(longest)} ms later`);
  const text = [
    'Ten accounts of the four kinds whose tokens rotate, access tokens that live for one second, three clients that ask all the',
    'time, strategy `round-robin`. `serve` is a process of its own; SIGKILL comes 0 to 600 ms after it listens, and each eighth time',
    'while it is still starting. After each kill the folder is read as it was left, then `serve` is started on it again.',
    '',
    'A rotation is **lost** when Kiro had committed it and the new token was not on disk as the process died; the next start then',
    'sends the old token, as it must, Kiro ends the family, and the account asks for a sign-in. Two kinds are told apart by a probe',
    'in the process: the answer **never came** (no program can help that), or it **came too late**: its last byte was in the process,',
    'which died before it had read, sealed and noted the token (`rotations.log`), a millisecond or so later. One-second tokens make both',
    'frequent; real tokens last an hour.',
    '',
    table(
      ['what', 'how many'],
      [
        ['kills, of these while still starting', `${kills}, ${early}`],
        ['starts that listened and served', starts],
        ['requests served / broken by the kill', `${figure(served)} / ${figure(counts.cut)}`],
        ['requests refused because the kill before had cost every account its login', counts.withoutAnyLogin],
        ['requests that failed otherwise', failed.length],
        ['stores that were not whole', corrupt.length],
        ["rotations that Kiro committed (the emulator's count)", figure(rotations)],
        ['of these on disk or followed by one that is (our count)', figure(saved)],
        ['lost: the answer never came', neverCame],
        ['lost: it came, and the kill before it was on disk', cameTooLate],
        [
          'from answer to kill among these: median / longest',
          unsavedMs.length === 0 ? '-' : `${figure(quantile(unsavedMs, 0.5))} / ${figure(longest)} ms`,
        ],
        ['refresh tokens that were sent once more after they had been traded', counts.reused],
        ['of these not explained by a loss above', counts.reused - lost],
        ['refused tokens that the same process sent again', counts.repeatedInLife],
        ['refused tokens sent again after a kill that came before the refusal was on disk', counts.repeatedAcross],
        ['access tokens that were used and whose login was not on disk', usedUnsaved],
        ['families lost in any other way', counts.lostOtherwise.length],
        ['new logins, so that ten stay', counts.relogins],
        ['half-written files left in the folder at the end', counts.leftovers.length],
        [
          'start to listening, median / p99',
          `${figure(quantile(counts.startMs, 0.5))} / ${figure(quantile(counts.startMs, 0.99))} ms`,
        ],
      ],
    ),
    `Measured on ${availableParallelism()} shared cores.`,
    '',
  ];
  return { text: text.join('\n'), broken };
}

if (import.meta.main) {
  await runProof('kill', 'Killed while tokens rotate', async ({ isShort }) =>
    killFinding(await proveKills(isShort ? 8 : 500)),
  );
}
