import manifest from '../package.json' with { type: 'json' };

/** Version of Kiro Pool, as in `kiro-pool/<version>`. */
export const { version } = manifest;
