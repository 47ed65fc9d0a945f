/** Every way a command of the kernel or of a shipped feature can end badly, for programs to rely on. */
export const faultCodes = [
  "agent.busy",
  "agent.failed",
  "agent.invalid",
  "agent.not-found",
  "agent.paused",
  "agent.unmet",
  "agent.waits",
  "approval.changed",
  "approval.closed",
  "approval.not-found",
  "approval.passkey",
  "archive.failed",
  "args.invalid",
  "audio.failed",
  "backup.refused",
  "calendar.failed",
  "cause.too-deep",
  "channel.failed",
  "chat.not-found",
  "command.id-reused",
  "command.not-found",
  "config.invalid",
  "config.unknown-key",
  "daemon.refused",
  "decision.closed",
  "decision.not-found",
  "device.not-found",
  "disk.failed",
  "disk.full",
  "document.invalid",
  "fact.unchanged",
  "file.not-found",
  "grant.not-found",
  "history.nothing",
  "history.stale",
  "home.busy",
  "home.copied",
  "home.damaged",
  "home.locked",
  "home.lost",
  "home.missing",
  "home.newer",
  "home.read-only",
  "http.failed",
  "http.refused",
  "import.refused",
  "import.unreadable",
  "index.damaged",
  "journal.damaged",
  "keys.missing",
  "mail.failed",
  "mcp.failed",
  "memory.forgotten",
  "memory.not-found",
  "memory.unchanged",
  "model.failed",
  "model.not-found",
  "notify.failed",
  "notify.no-channel",
  "output.invalid",
  "passkey.refused",
  "policy.engine-stopped",
  "policy.invalid",
  "policy.nothing-pending",
  "principal.unknown",
  "proposal.closed",
  "proposal.full",
  "proposal.not-found",
  "proposal.refused",
  "protocol.invalid",
  "review.changed",
  "review.nothing",
  "run.not-found",
  "sandbox.missing",
  "secret.exposed",
  "secret.failed",
  "secret.locked",
  "secret.missing",
  "secret.no-store",
  "self.unreadable",
  "shell.failed",
  "skill.changed",
  "skill.failed",
  "skill.misdeclared",
  "skill.refused",
  "skill.step",
  "skill.unknown",
  "socket.refused",
  "snapshot.damaged",
  "snapshot.not-found",
  "stopped",
  "task.blocked",
  "task.cycle",
  "task.not-found",
  "task.unchanged",
  "usage",
] as const;

/**
 * Codes of features of this repository, each with `true`: a feature adds its own by
 * `declare module "@mh/contract/values/fault.ts" { interface FeatureFaultCodes { "quote.none": true } }`. From a packed
 * library this module does not resolve, so a third party uses the codes above.
 */
// biome-ignore lint/suspicious/noEmptyInterface: it is there to be added to.
export interface FeatureFaultCodes {}
export type FaultCode = (typeof faultCodes)[number] | keyof FeatureFaultCodes;

/** An expected end. The message is a sentence for a person and names the next step. */
export class Fault extends Error {
  readonly code: FaultCode;

  constructor(code: FaultCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "Fault";
    this.code = code;
  }
}
