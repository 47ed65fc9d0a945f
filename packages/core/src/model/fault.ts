/** Every way a command can end badly, as a code that programs can rely on. */
export type FaultCode =
  | "args.invalid"
  | "approval.closed"
  | "approval.not-found"
  | "approval.changed"
  | "agent.failed"
  | "agent.not-found"
  | "agent.invalid"
  | "agent.paused"
  | "agent.unmet"
  | "archive.failed"
  | "calendar.failed"
  | "cause.too-deep"
  | "command.id-reused"
  | "command.not-found"
  | "config.invalid"
  | "config.unknown-key"
  | "daemon.refused"
  | "decision.not-found"
  | "device.not-found"
  | "disk.failed"
  | "disk.full"
  | "document.invalid"
  | "fact.unchanged"
  | "file.not-found"
  | "grant.not-found"
  | "history.nothing"
  | "history.stale"
  | "home.busy"
  | "home.damaged"
  | "home.missing"
  | "home.newer"
  | "home.read-only"
  | "index.damaged"
  | "http.failed"
  | "http.refused"
  | "import.unreadable"
  | "journal.damaged"
  | "keys.missing"
  | "mail.failed"
  | "memory.forgotten"
  | "memory.not-found"
  | "memory.unchanged"
  | "notify.failed"
  | "policy.invalid"
  | "policy.nothing-pending"
  | "principal.unknown"
  | "protocol.invalid"
  | "review.nothing"
  | "sandbox.missing"
  | "secret.missing"
  | "shell.failed"
  | "skill.failed"
  | "skill.misdeclared"
  | "skill.unknown"
  | "snapshot.not-found"
  | "stopped"
  | "task.blocked"
  | "task.cycle"
  | "task.not-found"
  | "task.unchanged"
  | "usage";

/** An expected end. The message is a sentence for a person and names the next step. */
export class Fault extends Error {
  readonly code: FaultCode;

  constructor(code: FaultCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "Fault";
    this.code = code;
  }
}
