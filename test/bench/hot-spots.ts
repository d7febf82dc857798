/** `node test/bench/hot-spots.ts FILE.cpuprofile [COUNT]`: where the time of a CPU profile went, by function, without idling. */
import { readFileSync } from 'node:fs';
import * as v from 'valibot';

const profileSchema = v.object({
  nodes: v.array(
    v.object({
      id: v.number(),
      callFrame: v.object({ functionName: v.string(), url: v.string(), lineNumber: v.number() }),
    }),
  ),
  samples: v.array(v.number()),
  timeDeltas: v.array(v.number()),
});

const [, , file = '', count = '30'] = process.argv;
const profile = v.parse(profileSchema, JSON.parse(readFileSync(file, 'utf8')));
const nameOf = new Map(
  profile.nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => {
    const place = url === '' ? '' : ` ${url.split('/').slice(-3).join('/')}:${lineNumber + 1}`;
    return [id, `${functionName || '(anonymous)'}${place}`];
  }),
);
const selfUs = new Map<string, number>();
for (const [index, id] of profile.samples.entries()) {
  const name = nameOf.get(id) ?? '?';
  selfUs.set(name, (selfUs.get(name) ?? 0) + (profile.timeDeltas[index] ?? 0));
}
selfUs.delete('(idle)');
const all = [...selfUs.values()].reduce((sum, us) => sum + us, 0);
process.stdout.write(`${(all / 1e6).toFixed(2)} s busy\n`);
for (const [name, us] of [...selfUs].toSorted((a, b) => b[1] - a[1]).slice(0, Number(count))) {
  process.stdout.write(
    `${((us / all) * 100).toFixed(1).padStart(5)} %  ${(us / 1000).toFixed(0).padStart(6)} ms  ${name}\n`,
  );
}
