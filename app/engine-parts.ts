import type { Endpoints } from './kiro/endpoints.ts';
import type { Transport } from './kiro/transport.ts';
import type { Log } from './log.ts';
import type { Pool } from './pool/pool.ts';
import type { AccountsFile } from './store/accounts-file.ts';
import type { DataFolder } from './store/data-folder.ts';
import type { KeysFile } from './store/keys-file.ts';
import type { SecretBox } from './store/secret-box.ts';
import type { SettingsFile } from './store/settings-file.ts';
import type { History } from './usage/history.ts';

/** Everything that an engine has open. */
export interface EngineParts {
  readonly folder: DataFolder;
  readonly box: SecretBox;
  readonly accounts: AccountsFile;
  readonly keys: KeysFile;
  readonly settings: SettingsFile;
  readonly history: History;
  readonly transport: Transport;
  readonly endpoints: Endpoints;
  readonly pool: Pool;
  readonly log: Log;
}
