/** How a server is reached, and as whom. The password lives no longer than the work. */
export interface MailLogin {
  /** The account's name, for what people are told. */
  account: string;
  host: string;
  port: number;
  tls: "implicit" | "starttls" | "none";
  user: string;
  password: string;
  /** Name of the secret that the password is, for the next step after a refusal. */
  secret: string;
  signal: AbortSignal;
}

/** A node of a message's MIME tree, as the server tells it without the content. */
export interface MailPart {
  /** The number by which it is fetched; none for a multipart at the top. */
  part?: string | undefined;
  type: string;
  parameters?: Record<string, string> | undefined;
  encoding?: string | undefined;
  size?: number | undefined;
  disposition?: string | undefined;
  dispositionParameters?: Record<string, string> | undefined;
  childNodes?: MailPart[] | undefined;
}

/** What is known of a message before any of its content is fetched. */
export interface MailSummary {
  uid: number;
  seen: boolean;
  sizeBytes: number;
  /** When the server took it in, ISO 8601. */
  receivedAt: string | null;
  /** Undefined where it cannot be read. */
  structure: MailPart | undefined;
  /** The first `headersMax` bytes of its headers. */
  headers: Uint8Array;
}

export type MailPurpose = "drafts" | "sent" | "trash";

/** A mailbox over IMAP. UIDs belong to the folder that was opened last. */
export interface Mailbox {
  /** Without `write`, nothing that is read there counts as read. Throws `mail.failed` where there is no such folder. */
  open(folder: string, mode?: "read" | "write"): Promise<{ uidValidity: string; messages: number }>;
  /** The folder for a purpose: the one the server marks, or that is called so; undefined where there is none. */
  folderFor(purpose: MailPurpose): Promise<string | undefined>;
  /** UIDs of the messages that came last, the newest first. */
  latest(limit: number): Promise<number[]>;
  /** UIDs, the newest first. `sinceDay` counts whole days. */
  search(wanted: {
    sinceDay?: Date;
    unseen?: boolean;
    messageId?: string;
    uid?: number;
    after?: number;
  }): Promise<number[]>;
  /** Which of these Message-IDs are in the folder. */
  holds(messageIds: readonly string[]): Promise<Set<string>>;
  summaries(uids: readonly number[]): Promise<MailSummary[]>;
  /** The first bytes of one part, as they were sent. */
  parts(uids: readonly number[], part: string, bytesMax: number): Promise<Map<number, Uint8Array>>;
  /** Into a folder that is open for writing: only then are flags kept. */
  append(folder: string, message: Uint8Array, flags: readonly string[], at: number): Promise<number | undefined>;
  /** Never expunges. The new UID, where the server tells it. */
  move(uid: number, folder: string): Promise<number | undefined>;
}

/** A message to be written. Addresses are plain, without names. */
export interface Letter {
  messageId: string;
  from: { name: string; address: string };
  to: readonly string[];
  cc: readonly string[];
  bcc: readonly string[];
  subject: string;
  body: string;
  inReplyTo?: string | undefined;
  references: readonly string[];
  /** Milliseconds. */
  at: number;
}

export interface Delivery {
  accepted: string[];
  rejected: string[];
}

/**
 * Mail servers. Whatever goes wrong comes as `Fault` mail.failed with a next step; what a server answers to a login is
 * never repeated.
 */
export interface Mail {
  /** Connects, works, and logs out however it ends. */
  mailbox<T>(login: MailLogin, work: (mailbox: Mailbox) => Promise<T>): Promise<T>;
  /** The message as bytes; with `Bcc` only where it is for the sender's own folder. */
  compose(letter: Letter, options?: { withBcc?: boolean }): Promise<Uint8Array>;
  /** Hands a message to the server for sending. Some recipients may be rejected; where all are, it throws. */
  submit(login: MailLogin, envelope: { from: string; to: readonly string[] }, message: Uint8Array): Promise<Delivery>;
}
