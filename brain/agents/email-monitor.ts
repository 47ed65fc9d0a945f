import { type AgentContext, type ArgsFor, defineAgent, type ValueFor } from "@mh/core/agent";

type Mail = ValueFor<"mail.read">["messages"][number];
type Triaged = ValueFor<"mail.triage">["messages"][number];

/** An urgent mail and what is known of it. */
interface Urgent {
  mail: Mail;
  triaged: Triaged;
  account: Account;
}

/** Of the settings; the first account where none is named. */
type Account = { account?: string };

const dayMs = 24 * 3_600_000;
/** How much untrusted text goes into one command: a worker may say no more than a mebibyte at once. */
const charsPerCommand = 400_000;
/** What cannot wait is not kept back by a model for longer. */
const modelWaitMs = 15_000;
const options = { notify: "notify", draft: "notify and draft", ignore: "ignore" };

export const agent = defineAgent({
  name: "email-monitor",
  title: "Looks through new mail and tells you at once what cannot wait; it sends and deletes nothing",
  triggers: [{ every: "5m" }],
  may: [
    ...["mail.read", "mail.triage", "decision.make", "notify.send", "mail.draft", "memory.import"],
    ...["prompt.read", "llm.generate"],
  ],
  ensures: ["mail.read", "mail.triage"],
  quietHours: "run",
  priority: "high",
  limits: { timeMs: 10 * 60_000 },
  async run(agent) {
    const faults: string[] = [];
    for (const account of accountsOf(agent)) {
      for (const urgent of await urgentIn(agent, account)) {
        const fault = await handle(agent, urgent);
        if (fault !== undefined) faults.push(fault);
      }
    }
    // One that could not be told does not keep back the others, and is tried again.
    if (faults.length > 0) throw new Error(faults.join(" "));
  },
});

const accountsOf = ({ config }: AgentContext): Account[] =>
  Array.isArray(config.accounts) ? config.accounts.map((account) => ({ account: String(account) })) : [{}];

/** The urgent ones of the last day's unseen mails, the oldest first. */
async function urgentIn(agent: AgentContext, account: Account): Promise<Urgent[]> {
  const since = new Date(Date.parse(agent.trigger.at) - dayMs).toISOString();
  const wanted = { ...account, since, unseenOnly: true, limit: 50 };
  const { messages, more } = await agent.need("mail.read", wanted);
  const byUid = new Map<number, Triaged>();
  for (const part of inParts(messages)) {
    const triaged = await agent.need("mail.triage", { messages: part });
    for (const each of triaged.messages) byUid.set(each.uid, each);
  }
  const urgent = messages.toReversed().flatMap((mail): Urgent[] => {
    const found = byUid.get(mail.uid);
    return found?.urgency === "high" ? [{ mail, triaged: found, account }] : [];
  });
  const rest = more ? "; older ones were not looked at" : "";
  agent.log(`${messages.length} unseen since ${since.slice(0, 16)}, ${urgent.length} urgent${rest}`);
  return urgent;
}

/** One part at least, and each mail in one. */
function inParts(messages: readonly Mail[]): Mail[][] {
  const parts: Mail[][] = [[]];
  let chars = 0;
  for (const mail of messages) {
    const more = JSON.stringify(mail).length;
    if (chars > 0 && chars + more > charsPerCommand) {
      parts.push([]);
      chars = 0;
    }
    parts.at(-1)?.push(mail);
    chars += more;
  }
  return parts;
}

/**
 * Decides and acts, once for each mail: a memory of it says so. It is written before anything is done, and gets another
 * text when all is done, so that a run that broke off is taken up by the next. What went wrong comes back.
 */
async function handle(agent: AgentContext, urgent: Urgent): Promise<string | undefined> {
  const about = `Urgent mail from ${senderOf(urgent.mail)}: “${subjectOf(urgent.mail)}”`;
  if (await isOver(agent, urgent, about)) return undefined;
  const { outcome, chosen } = await decide(agent, urgent, about);
  const isLeft = outcome !== "choose" && chosen === null;
  agent.log(`${about}: ${isLeft ? "left to you" : chosen}`);
  if (chosen === options.ignore) return remember(agent, urgent, `${about}\nIt was let be.`);
  const { gist, reply } = await wordsFor(agent, urgent);
  const told = await agent.act("notify.send", {
    title: `Urgent mail from ${nameOf(urgent.mail)}`,
    body: [
      `“${subjectOf(urgent.mail)}”`,
      ...(gist === undefined ? [] : [`In short: ${gist}`]),
      `${plain(urgent.triaged.reasons.join("; "), 400)}.`,
      ...(chosen === options.draft ? ["A short reply is being written and will wait for you: mh approvals"] : []),
      ...(isLeft ? ["What becomes of it is left to you: mh decision list --open"] : []),
    ].join("\n"),
    urgency: "high",
  });
  // Begun and cut off: it may have rung, and the next run asks nobody whether it did.
  if (told.status !== "done" && told.status !== "interrupted") {
    return `${about} could not be told: ${told.status === "failed" ? told.fault.message : told.status}`;
  }
  // Last: as long as nothing could be told, every run would ask for another.
  const end = told.status === "done" ? "You were told." : "Telling you was cut off.";
  // A second try may get other words of the model, which would be another reply: what is begun is not begun again.
  if (chosen === options.draft && reply !== undefined)
    await remember(agent, urgent, `${about}\n${end} A short reply was begun.`);
  const isDrafted = chosen === options.draft && (await draft(agent, urgent, reply));
  return remember(agent, urgent, `${about}\n${end}${isDrafted ? " A short reply was written." : ""}`);
}

interface Words {
  /** What the sender wants, in a sentence. */
  gist?: string;
  /** What the reply says between its greeting and the name below it. */
  reply?: string;
}

/**
 * How a model puts it; nothing without one. It sees this mail alone and chooses nothing: whether it is urgent, whom a reply
 * goes to and that it waits for the owner is settled without it. What names an address, a link or a number is not taken.
 */
async function wordsFor(agent: AgentContext, { mail }: Urgent): Promise<Words> {
  const text = `From: ${senderOf(mail)}\nSubject: ${subjectOf(mail)}\n\n${mail.text.slice(0, 6_000)}`;
  const answer = (await agent.ask({
    prompt: "email-monitor",
    text: text.toWellFormed(),
    schema,
    waitMs: modelWaitMs,
  })) as { gist?: unknown; reply?: unknown } | undefined;
  const [gist, reply] = [harmless(answer?.gist, 200), harmless(answer?.reply, 600)];
  if (answer !== undefined && (gist === undefined || reply === undefined))
    agent.log("What the model wrote is left out: it is no short text without addresses, links and numbers.");
  return { ...(gist !== undefined && { gist }), ...(reply !== undefined && { reply }) };
}

/** A text that names nobody and leads nowhere. */
function harmless(text: unknown, charsMax: number): string | undefined {
  if (typeof text !== "string" || text.length > charsMax) return undefined;
  const said = plain(text, charsMax);
  return said === "" || /[@\d<>[\]{}]|:\/\/|www\.|\p{L}\.\p{L}/u.test(said) ? undefined : said;
}

const schema = {
  type: "object",
  properties: { gist: { type: "string" }, reply: { type: "string" } },
  required: ["gist", "reply"],
};

/** Notes that the mail is there. Over is what stands there with other words, and what was forgotten. */
async function isOver(agent: AgentContext, urgent: Urgent, about: string): Promise<boolean> {
  const { results } = await agent.need("memory.import", memoryOf(urgent, about));
  return results.some(({ status, reason }) => status === "refused" || reason !== undefined);
}

async function remember(agent: AgentContext, urgent: Urgent, content: string): Promise<undefined> {
  await agent.need("memory.import", { ...memoryOf(urgent, content), update: true });
}

function memoryOf({ mail }: Urgent, content: string): ArgsFor<"memory.import"> {
  const id = mail.messageId ?? `${mail.origin} ${mail.receivedAt} ${mail.subject}`;
  const item = {
    externalId: id.slice(0, 2000).toWellFormed(),
    content,
    source: "email-monitor",
    origin: mail.origin.slice(0, 500),
    kind: "artifact" as const,
    tags: ["mail", "urgent"],
    ...(mail.receivedAt && { at: mail.receivedAt }),
  };
  return { source: "email-monitor", from: "mail.read", items: [item] };
}

/** What speaks for what: the score of the triage, that the sender is on the owner's list, that a draft was asked for. */
function decide(agent: AgentContext, urgent: Urgent, about: string): Promise<ValueFor<"decision.make">> {
  const { score, sender, reasons } = urgent.triaged;
  const features = { triage: score, ...(sender === "vip" && { vip: 0.2 }) };
  const letter = replyTo(agent, urgent);
  return agent.need("decision.make", {
    situation: `${about}\n${plain(reasons.join("; "), 1000)}.`,
    options: [
      {
        name: options.notify,
        text: "Ring on your channels, also in quiet hours.",
        skill: "notify.send",
        args: { title: "Urgent mail", urgency: "high" },
        score: 0,
        features: letter ? { ...features, unanswered: -1 } : features,
      },
      ...(letter
        ? [
            {
              name: options.draft,
              text: "Ring, and write a short reply that waits for you.",
              skill: "mail.draft",
              args: letter,
              score: 0,
              features,
            },
          ]
        : []),
      {
        name: options.ignore,
        text: "Let it be until you look yourself.",
        score: 0,
        features: { "not urgent": round(1 - score) },
      },
    ],
  });
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** The reply, where the owner wants such and knows who wrote; a machine or a list gets none. */
function replyTo(
  { config, owner }: AgentContext,
  { mail, triaged, account }: Urgent,
  words = "your mail has reached me, and I will answer it as soon as I can.",
) {
  const isPerson = (triaged.sender === "vip" || triaged.sender === "contact") && mail.bulk.length === 0;
  if (config.drafts !== true || !isPerson || !mail.from) return undefined;
  const thread = [...mail.references, mail.messageId ?? ""].filter((id) => /^<[^<>\s\p{Cc}]{1,298}>$/u.test(id));
  const { messageId } = mail;
  return {
    ...account,
    to: [mail.from.address],
    subject: `Re: ${subjectOf(mail).replace(/^(?:(?:re|aw)\s*:\s*)+/i, "")}`,
    body: `Hello,\n\n${words}\n\n${owner.name}\n`,
    ...(messageId !== null && thread.at(-1) === messageId && { inReplyTo: messageId, references: thread.slice(-20) }),
  };
}

/** It waits for the owner's approval, or as a draft for the owner to send. */
async function draft(agent: AgentContext, urgent: Urgent, words?: string): Promise<boolean> {
  const letter = replyTo(agent, urgent, words);
  if (!letter) return false;
  const outcome = await agent.act("mail.draft", letter);
  const why = outcome.status === "failed" ? outcome.fault.message : outcome.status;
  const isWaiting = outcome.status === "parked" || outcome.status === "done";
  agent.log(isWaiting ? "A reply is written and waits for you." : `No reply could be written: ${why}`);
  return isWaiting;
}

const subjectOf = ({ subject }: Mail): string => plain(subject, 160) || "no subject";

function senderOf({ from }: Mail): string {
  if (!from) return "nobody";
  const address = plain(from.address, 160);
  const name = plain(from.name, 60);
  return name ? `${name} <${address}>` : address;
}

const nameOf = ({ from }: Mail): string => plain(from?.name || from?.address || "nobody", 60);

/** Untrusted text on one line, without characters that cannot be seen or turn the direction of writing. */
function plain(text: string, charsMax: number): string {
  const seen = text
    .toWellFormed()
    .replace(/(?!\s)[\p{Cc}\p{Cf}\p{Co}\u115f\u1160\u3164\uffa0]/gu, "")
    .replace(/\s+/g, " ")
    .trim();
  return seen.length > charsMax ? `${seen.slice(0, charsMax - 1).replace(/[\ud800-\udbff]$/, "")}…` : seen;
}
