import type { ClientSetups } from '../client-setups.ts';
import { failed, ok, warning, type Check } from './check.ts';

const setUpAction = 'client.set-up:';

/** Each tool that uses Kiro Pool: whether its config is valid and up to date, and its key in force. Others are left out. */
export async function checkTools(setups: ClientSetups): Promise<Check[]> {
  const conditions = await setups.examine();
  return conditions.flatMap(({ name, title, status, detail, keyIsInForce, faults, configPath }) => {
    const again = { action: setUpAction + name, label: `Set up ${title} again` };
    const command = `Set it up again: kiro-pool clients apply ${name}`;
    if (status === 'broken') return [failed(title, detail, `Mend ${configPath ?? 'its config'} at that place.`)];
    if (status !== 'configured' && status !== 'outdated') return [];
    if (status === 'outdated') return [failed(title, detail, command, again)];
    if (!keyIsInForce) {
      return [failed(title, 'The file with its key is gone, or its key was revoked.', command, again)];
    }
    if (faults.length === 0) return [ok(title, detail)];
    return faults.map((each) =>
      warning(title, each.detail, each.fix ?? command, each.fix === null ? again : undefined),
    );
  });
}

/** The tool that an action sets up again; undefined for another's action. */
export function toolOfAction(action: string): string | undefined {
  return action.startsWith(setUpAction) ? action.slice(setUpAction.length) : undefined;
}
