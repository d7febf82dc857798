/** The channels between shell and screens: one for questions, one for what is pushed, one to ask for the present state. */
export const channels = { ask: 'kiro-pool:ask', event: 'kiro-pool:event', listen: 'kiro-pool:listen' } as const;
