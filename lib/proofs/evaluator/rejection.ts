/** The agent refuses a policy. The message is the agent's own, as far as it is known. */
export class RejectionError extends Error {}
