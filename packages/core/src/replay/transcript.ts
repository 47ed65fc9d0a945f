import { canonical } from "../model/canonical.ts";
import { isNestedTooDeep } from "../model/nesting.ts";

/** One call of a tool, as a transcript holds it. */
export interface TranscriptCall {
  id: string;
  tool: string;
  args: Record<string, unknown>;
  /** What it answered; absent where the transcript ends before that. */
  output?: unknown;
  /** What the owner typed after the call before. */
  said?: string;
}

/** One conversation with the tool. */
export interface TranscriptSession {
  /** The folder that relative paths are meant from, where the transcript says it. */
  folder?: string;
  /** What the owner typed first. */
  prompt: string;
  calls: TranscriptCall[];
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Sessions of a transcript, by the shape of its entries, whichever program wrote them: messages with a role (perhaps in an
 * envelope), calls with a name, arguments and an id, answers that name the id of their call. Take in the entries of one
 * file in their order. What has none of these shapes is passed over: thoughts, settings, counts of tokens.
 */
export class TranscriptReader {
  readonly #sessions = new Map<string, Reading>();

  take(entry: unknown): void {
    if (!isNestedTooDeep(entry)) this.#take(entry, { session: "", folder: undefined, isOwners: true });
  }

  /** Those with a call in them. */
  sessions(): TranscriptSession[] {
    return [...this.#sessions.values()].map((each) => each.session).filter(({ calls }) => calls.length > 0);
  }

  #take(entry: unknown, around: Around): void {
    if (Array.isArray(entry)) for (const each of entry) this.#take(each, around);
    if (!isObject(entry)) return;
    const here = within(entry, around);
    // A whole session in one value, or several.
    const lists = [entry.messages, entry.agents, entry.conversations, entry.sessions].filter(Array.isArray);
    if (lists.length > 0) {
      for (const list of lists)
        for (const [n, each] of list.entries())
          this.#take(each, list === entry.messages ? here : { ...here, session: `${here.session}/${n}` });
      return;
    }
    const message = [entry.message, entry.payload].find(isObject) ?? entry;
    const reading = this.#reading(here.session);
    reading.folder(textOf(message.cwd) ?? here.folder);
    reading.message(message, here.isOwners);
  }

  #reading(session: string): Reading {
    const known = this.#sessions.get(session);
    if (known) return known;
    const reading = new Reading();
    this.#sessions.set(session, reading);
    return reading;
  }
}

interface Around {
  session: string;
  folder: string | undefined;
  /** What stands there in the user's place was typed by the owner. */
  isOwners: boolean;
}

/** What the program put in by itself, and what one agent asks of another, was typed by nobody. */
function within(entry: Json, around: Around): Around {
  const id = textOf(entry.sessionId) ?? textOf(entry.session_id);
  const isOfAgent = entry.isSidechain === true;
  const of = textOf(entry.agentId) ?? "agent";
  return {
    session: id === undefined && !isOfAgent ? around.session : `${id ?? around.session}${isOfAgent ? `/${of}` : ""}`,
    folder: textOf(entry.cwd) ?? around.folder,
    isOwners: around.isOwners && entry.isMeta !== true && entry.isCompactSummary !== true && !isOfAgent,
  };
}

/** One session while it is read. */
class Reading {
  readonly session: TranscriptSession = { prompt: "", calls: [] };
  #calls = new Map<string, TranscriptCall>();
  #said: string[] = [];

  folder(path: string | undefined): void {
    if (path?.startsWith("/") && this.session.folder === undefined) this.session.folder = path;
  }

  message(message: Json, isOwners: boolean): void {
    const parts = [message, ...listOf(message.content), ...listOf(message.tool_calls), ...listOf(message.tool_returns)];
    const objects = parts.filter(isObject);
    for (const part of objects) this.#answer(part);
    for (const part of objects) this.#call(part);
    if (isOwners && message.role === "user") this.#hear(message.content, objects);
  }

  #call(part: Json): void {
    const named = isObject(part.function) ? part.function : part;
    const tool = textOf(named.name) ?? (isObject(part.action) ? textOf(part.type) : undefined);
    const given = named.arguments ?? named.input ?? named.args ?? named.parameters ?? part.action;
    const id = idOf(part);
    // An answer may say the name of its tool as well; a message may have a name and no arguments.
    if (tool === undefined || id === undefined || given === undefined || "output" in part) return;
    const call: TranscriptCall = { id, tool: tool.slice(0, 300), args: argsOf(given) };
    // The same call may stand there twice; another one of its id is another.
    const known = this.#calls.get(id);
    if (known?.tool === call.tool && canonical(known.args) === canonical(call.args)) return;
    const said = this.#said.splice(0).join("\n\n");
    if (this.session.calls.length === 0) this.session.prompt = said;
    else if (said !== "") call.said = said;
    this.#calls.set(id, call);
    this.session.calls.push(call);
  }

  #answer(part: Json): void {
    const id = [part.tool_use_id, part.toolCallId, part.tool_call_id, part.call_id].map(textOf).find(Boolean);
    const call = id === undefined ? undefined : this.#calls.get(id);
    const output = part.output ?? part.content ?? part.func_response ?? part.result;
    if (call && call.output === undefined && output !== undefined) call.output = plain(output);
  }

  #hear(content: unknown, parts: readonly Json[]): void {
    const isAnswer = parts.some((part) => "tool_use_id" in part || "toolCallId" in part || textOf(part.tool_call_id));
    const texts = typeof content === "string" ? [content] : listOf(content).flatMap((part) => spoken(part));
    const said = texts.map(typed).filter((text) => text !== "");
    if (!isAnswer) this.#said.push(...said);
  }
}

/** Text parts are what was typed; what else a message holds was not. */
const spoken = (part: unknown): string[] =>
  isObject(part) && /^(?:input_)?text$/.test(String(part.type)) && typeof part.text === "string" ? [part.text] : [];

/** A block in tags, at the beginning or the end, was put in by the program: surroundings, reminders, instructions. */
function typed(text: string): string {
  const opening = /\s*<([A-Za-z][\w-]{0,60})(?:\s[^<>]{0,200})?>/y;
  let [from, to] = [0, text.trimEnd().length];
  for (let tag = tagAt(opening, text, from); tag !== undefined; tag = tagAt(opening, text, from)) {
    const end = text.indexOf(`</${tag}>`, opening.lastIndex);
    if (end === -1) break;
    from = end + tag.length + 3;
  }
  for (;;) {
    const tag = /<\/([A-Za-z][\w-]{0,60})>\s*$/.exec(text.slice(Math.max(from, to - 100), to))?.[1];
    const start = tag === undefined ? -1 : text.lastIndexOf(`<${tag}`, to - 1);
    if (start < from) return text.slice(from, to).trim();
    to = start;
  }
}

function tagAt(opening: RegExp, text: string, at: number): string | undefined {
  opening.lastIndex = at;
  return opening.exec(text)?.[1];
}

const idOf = (part: Json): string | undefined => textOf(part.call_id) ?? textOf(part.id) ?? textOf(part.toolCallId);

/** Arguments are often JSON in a text; a text that is none is the one argument. */
function argsOf(given: unknown): Record<string, unknown> {
  if (isObject(given)) return { ...given };
  if (typeof given !== "string") return { input: given };
  try {
    const parsed: unknown = JSON.parse(given);
    return isObject(parsed) && !isNestedTooDeep(parsed) ? { ...parsed } : { input: given };
  } catch {
    // A text of its own, as a patch is.
    return { input: given };
  }
}

/** Parts of nothing but text are that text. */
function plain(output: unknown): unknown {
  if (!Array.isArray(output)) return output;
  const texts = output.flatMap(spoken);
  return texts.length === output.length ? texts.join("\n") : output;
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value.slice(0, 4_096) : undefined;
