import type { faults } from '../emulator/emulator.ts';

/** A fault that the soak plants, and what clients may be told of it (the codes of OpenAI's errors); nothing: they must be served. */
export interface PlannedFault {
  readonly name: keyof typeof faults;
  readonly on: 'generate' | 'refresh' | 'usage' | 'models' | 'web-search';
  readonly told: readonly string[];
}

type Name = PlannedFault['name'];

/** What ends by itself or is the request's own, each on one account and for one call at a time (protocol §7.3). */
export const plannedFaults: readonly PlannedFault[] = [
  ...rows('generate', ['rateLimit', 'rateLimitRetryAfter', 'throttledFirst', 'monthlyQuota', 'throttledDaily']),
  ...rows('generate', ['highLoad', 'internalError', 'internalErrorFirst', 'unavailable', 'badGateway']),
  ...rows('generate', ['gatewayTimeout', 'resetBeforeAnswer', 'emptyAnswer', 'invalidBearer', 'unauthorized401']),
  ...rows('generate', ['modelCapacity', 'noMetadata', 'slow', 'invalidModel', 'unknownOperation']),
  ...rows('generate', ['internalErrorMidStream', 'resetMidStream', 'truncatedMidFrame'], ['broken_stream']),
  ...rows('generate', ['badCrc', 'throttledMidStream', 'giantFrame', 'truncated'], ['broken_stream']),
  ...rows('generate', ['disguisedBadRequest', 'bodyInvalid'], ['refused_by_kiro']),
  ...rows('generate', ['contextOverflow', 'contextLimit413'], ['context_length_exceeded']),
  ...rows('generate', ['suspended'], ['account_parked']),
  ...rows('refresh', ['refreshThrottled', 'refreshServerError', 'refreshWithoutToken']),
  ...rows('usage', ['internalError', 'rateLimit']),
  ...rows('models', ['internalError', 'unavailable']),
  ...rows('web-search', ['internalError']),
];

/** Beside those of the table: the service stops talking for a while. */
export const stalls = [
  { kind: 'stall', ms: 4_000 },
  { kind: 'stall', ms: 4_000, afterEvents: 2 },
] as const;

function rows(on: PlannedFault['on'], names: readonly Name[], told: readonly string[] = []): PlannedFault[] {
  return names.map((name) => ({ name, on, told }));
}
