import type { AccountState } from '../../app/pool/account-state.ts';
import { faults, type Fault } from '../emulator/emulator.ts';

/** What one fault, in one account, must come to (protocol §7.3). */
export interface FaultRow {
  readonly name: string;
  readonly fault: Fault;
  /** `refresh` hits the renewal of a token that has ended, instead of the turn. */
  readonly on: 'generate' | 'refresh';
  /** State of the account that has it. */
  readonly state: AccountState['name'];
  /** Code of the error that its sessions get; undefined when another account serves them instead. */
  readonly told: string | undefined;
  /** The answer breaks off after its first byte, so nothing may be tried again. */
  readonly isMidStream: boolean;
  /** It concerns this machine's address, hence all accounts. */
  readonly isEverybodys: boolean;
  /** Stands for the rows that are treated alike, in the short form. */
  readonly isSample: boolean;
}

type Name = keyof typeof faults;
type More = Partial<Omit<FaultRow, 'name' | 'fault'>>;

function rows(names: readonly Name[], state: AccountState['name'], more: More = {}): FaultRow[] {
  return names.map((name, index) => ({
    name,
    fault: faults[name],
    on: 'generate',
    state,
    told: undefined,
    isMidStream: false,
    isEverybodys: false,
    isSample: index === 0,
    ...more,
  }));
}

/** Every row of protocol §7.3, and the refusals of a refresh of §2.4. */
export const faultRows: readonly FaultRow[] = [
  ...rows(['invalidBearer', 'unauthorized401'], 'needs-sign-in'),
  ...rows(['notAuthorized', 'profileRequired'], 'parked'),
  ...rows(['suspended', 'locked423'], 'parked', { told: 'account_parked' }),
  ...rows(['featureNotSupported', 'customizationDenied', 'workspaceDenied'], 'ready'),
  ...rows(['invalidKmsGrant', 'kmsDisabled', 'kmsPolicy', 'kmsMismatch'], 'ready', { isSample: false }),
  ...rows(['edgeBlock'], 'cooling', { told: 'rate_limit_exceeded', isEverybodys: true }),
  ...rows(['monthlyQuota', 'overageQuota', 'throttledMonthly', 'throttledDaily'], 'exhausted'),
  ...rows(['conversationLimit'], 'ready', { told: 'refused_by_kiro' }),
  ...rows(['rateLimit', 'rateLimitRetryAfter', 'throttledFirst'], 'cooling'),
  ...rows(['modelCapacity'], 'ready'),
  ...rows(['highLoad', 'internalError', 'internalErrorFirst', 'unavailable', 'badGateway', 'gatewayTimeout'], 'ready'),
  ...rows(['resetBeforeAnswer', 'emptyAnswer', 'giantFrame'], 'ready'),
  ...rows(['disguisedBadRequest', 'bodyInvalid', 'bodyInvalidNullReason', 'bodyInvalidJson'], 'ready', {
    told: 'refused_by_kiro',
  }),
  ...rows(['invalidConversation', 'invalidSignature', 'toolConfigMissing', 'toolDuplicate'], 'ready', {
    told: 'refused_by_kiro',
    isSample: false,
  }),
  ...rows(['toolSchemaInvalid', 'toolResultMismatch', 'imageCount'], 'ready', {
    told: 'refused_by_kiro',
    isSample: false,
  }),
  ...rows(['imageDimension', 'imageFormat', 'imageMime', 'imageSize', 'documentCount'], 'ready', {
    told: 'refused_by_kiro',
    isSample: false,
  }),
  ...rows(['documentName', 'documentPages', 'documentModel', 'documentPassword'], 'ready', {
    told: 'refused_by_kiro',
    isSample: false,
  }),
  ...rows(['documentSize'], 'ready', {
    told: 'refused_by_kiro',
    isSample: false,
  }),
  ...rows(['contextOverflow', 'promptTooLong', 'contextLimit413', 'validationFirst'], 'ready', {
    told: 'context_length_exceeded',
  }),
  ...rows(['invalidModel', 'credentialInvalid', 'unknownOperation', 'resourceNotFound', 'methodNotAllowed'], 'ready'),
  ...rows(['internalErrorMidStream', 'resetMidStream', 'truncatedMidFrame', 'badCrc'], 'ready', {
    told: 'broken_stream',
    isMidStream: true,
  }),
  // Cut between two frames it cannot be told from an end (protocol §5.6).
  ...rows(['truncated'], 'ready', { isSample: false }),
  ...rows(['throttledMidStream'], 'cooling', { told: 'broken_stream', isMidStream: true }),
  ...rows(['refreshInvalidGrant', 'refreshInvalidGrantException', 'refreshSocialInvalid'], 'needs-sign-in', {
    on: 'refresh',
  }),
  ...rows(['refreshExpiredToken', 'refreshInvalidClient', 'refreshDisabled'], 'needs-sign-in', {
    on: 'refresh',
    isSample: false,
  }),
  ...rows(['edgeBlock'], 'ready', { on: 'refresh' }),
  ...rows(['refreshThrottled', 'refreshServerError', 'refreshWithoutToken'], 'ready', { on: 'refresh' }),
];
