import type * as tls from "node:tls";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Mailbox, MailLogin, MailPart, MailPurpose, MailSummary } from "@mh/core/ports/mail.ts";
import { type FetchMessageObject, ImapFlow, type SearchObject } from "imapflow";
import { mailFault } from "./mail-fault.ts";

const headersMax = 256_000;
/** What one answer of the server may be: a hostile one must not fill the memory. */
const limits = { maxLineLength: 16e6, maxLiteralSize: 16e6, maxResponseSize: 48e6 };

/** Works on a mailbox over IMAP (RFC 9051) and logs out, however it ends. */
export async function withMailbox<T>(
  login: MailLogin,
  wire: { timeoutMs: number; tls: tls.ConnectionOptions },
  work: (mailbox: Mailbox) => Promise<T>,
): Promise<T> {
  const { host, port, user, password, signal } = login;
  const client = new ImapFlow({
    ...{ host, port, tls: wire.tls, logger: false as const, disableAutoIdle: true, ...limits },
    secure: login.tls === "implicit",
    ...(login.tls !== "implicit" && { doSTARTTLS: login.tls === "starttls" }),
    auth: { user, pass: password },
    connectionTimeout: wire.timeoutMs,
    greetingTimeout: wire.timeoutMs,
    socketTimeout: 2 * wire.timeoutMs,
  });
  let broke: Error | undefined;
  client.on("error", (error) => {
    broke = error;
  });
  // The library leaves who waits for a connection waiting when it is closed.
  const ended = Promise.withResolvers<never>();
  ended.promise.catch(() => undefined);
  const end = () => {
    client.close();
    ended.reject(new Error(String(signal.reason)));
  };
  signal.addEventListener("abort", end, { once: true });
  let stage: "connecting" | "working" = "connecting";
  try {
    signal.throwIfAborted();
    await Promise.race([client.connect(), ended.promise]);
    stage = "working";
    return await Promise.race([work(mailboxOf(client)), ended.promise]);
  } catch (error) {
    throw mailFault(error instanceof Fault ? error : (broke ?? error), login, stage);
  } finally {
    signal.removeEventListener("abort", end);
    if (client.usable) await client.logout().catch(() => undefined);
    client.close();
  }
}

function mailboxOf(client: ImapFlow): Mailbox {
  return {
    async open(folder, mode = "read") {
      const opened = await client.mailboxOpen(folder, { readOnly: mode === "read" }).catch((error: unknown) => {
        if ((error as { responseStatus?: string }).responseStatus !== "NO") throw error;
        throw new Fault("mail.failed", `There is no folder ${folder}.`, { cause: error });
      });
      return { uidValidity: String(opened.uidValidity), messages: opened.exists };
    },

    folderFor: (purpose) => folderFor(client, purpose),

    async latest(limit) {
      const exists = client.mailbox ? client.mailbox.exists : 0;
      if (exists === 0) return [];
      const found = await client.fetchAll(`${Math.max(1, exists - limit + 1)}:*`, { uid: true });
      return descending(found.map(({ uid }) => uid));
    },

    async search({ sinceDay, unseen, messageId, uid, after }) {
      // Where it can, the library asks for what is younger than so many seconds; 0 is refused.
      if (sinceDay && sinceDay.getTime() > Date.now() - 1_000) return [];
      const query: SearchObject = {
        ...(sinceDay && { since: sinceDay }),
        ...(unseen && { seen: false }),
        ...(messageId !== undefined && { header: { "message-id": messageId } }),
        ...(uid !== undefined && { uid }),
        ...(after !== undefined && { uid: `${after + 1}:*` }),
      };
      const found = answered(await client.search(query, { uid: true }));
      // `*` is the last one, which may lie below where the range begins.
      return descending(found.filter((each) => after === undefined || each > after));
    },

    async holds(messageIds) {
      const wanted = new Set(messageIds.filter((id) => /^[\x21-\x7e]{3,300}$/.test(id)));
      if (wanted.size === 0) return wanted;
      const either = [...wanted].map((id) => ({ header: { "message-id": id } }));
      const found = answered(await client.search({ or: either }, { uid: true })).slice(-200);
      if (found.length === 0) return new Set();
      const sent = await client.fetchAll(found, { envelope: true }, { uid: true });
      return wanted.intersection(new Set(sent.map(({ envelope }) => envelope?.messageId ?? "")));
    },

    summaries: (uids) => summaries(client, uids),

    async parts(uids, part, bytesMax) {
      const bodyParts = [{ key: part, start: 0, maxLength: bytesMax }];
      const found = await client.fetchAll([...uids], { bodyParts }, { uid: true });
      const [name] = [part.toLowerCase()];
      return new Map(found.map((message) => [message.uid, message.bodyParts?.get(name) ?? new Uint8Array()]));
    },

    async append(folder, message, flags, at) {
      const added = await client.append(folder, Buffer.from(message), [...flags], new Date(at));
      if (added) return added.uid;
      throw new Fault("mail.failed", `The server did not take a message into ${folder}.`);
    },

    move: (uid, folder) => move(client, uid, folder),
  };
}

/** The library drops the answer for a message whose parts are nested too deep: that one is asked for without them. */
async function summaries(client: ImapFlow, uids: readonly number[]): Promise<MailSummary[]> {
  const wanted = { flags: true, size: true, internalDate: true };
  const bodyParts = [{ key: "HEADER", start: 0, maxLength: headersMax }];
  const byUid = new Map<number, MailSummary>();
  for (const bodyStructure of [true, false]) {
    const missing = uids.filter((uid) => !byUid.has(uid));
    if (missing.length === 0) break;
    const found = await client.fetchAll(missing, { ...wanted, bodyParts, bodyStructure }, { uid: true });
    for (const message of found) byUid.set(message.uid, summaryOf(message));
  }
  return uids.flatMap((uid) => byUid.get(uid) ?? []);
}

async function folderFor(client: ImapFlow, purpose: MailPurpose): Promise<string | undefined> {
  const use = { drafts: "\\Drafts", sent: "\\Sent", trash: "\\Trash" }[purpose];
  return (await client.list()).find(({ specialUse }) => specialUse === use)?.path;
}

/** A server that cannot move gets a copy, and the original is marked: expunging would take others' marks along. */
async function move(client: ImapFlow, uid: number, folder: string): Promise<number | undefined> {
  const canMove = client.capabilities.has("MOVE") || client.enabled.has("IMAP4REV2");
  const at = String(uid);
  const moved = canMove
    ? await client.messageMove(at, folder, { uid: true })
    : await client.messageCopy(at, folder, { uid: true });
  if (!moved) throw new Fault("mail.failed", `The server did not move the message to ${folder}. It lies where it lay.`);
  if (!canMove) await client.messageFlagsAdd(at, ["\\Deleted"], { uid: true });
  return moved.uidMap?.get(uid);
}

function summaryOf(message: FetchMessageObject): MailSummary {
  const { uid, flags, size = 0, internalDate, bodyStructure, headers } = message;
  const at = internalDate === undefined ? Number.NaN : new Date(internalDate).getTime();
  return {
    uid,
    seen: flags?.has("\\Seen") ?? false,
    sizeBytes: size,
    receivedAt: Number.isNaN(at) ? null : new Date(at).toISOString(),
    structure: bodyStructure as MailPart | undefined,
    headers: headers ?? new Uint8Array(),
  };
}

/** The library says `false` where the server refused to search. */
function answered(uids: number[] | false): number[] {
  if (uids) return uids;
  throw new Fault("mail.failed", "The server refused to search. Try without conditions.");
}

const descending = (uids: readonly number[]): number[] => [...uids].sort((a, b) => b - a);
