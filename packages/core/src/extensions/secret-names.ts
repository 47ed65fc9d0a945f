/** Names of what is usually secret. */
export const namedSecret = /key|token|secret|pass|pwd|auth|cred|cookie|session|private|pat$|dsn|connection/i;
