import { Fault } from "@mh/contract/values/fault.ts";
import { isOwner } from "@mh/contract/values/principal.ts";
import type { Entry, PolicyRequest } from "@mh/contract/values/record.ts";
import type { Command, Outcome, Refusal } from "@mh/contract/wire/command.ts";
import type { z } from "zod";
import type { Ledger } from "../journal/ledger.ts";
import type { Transaction } from "../journal/transaction.ts";
import { canonical } from "../model/canonical.ts";
import type { Config } from "../model/config.ts";
import { intersect, judge, type Verdict } from "../policy/judge.ts";
import type { PolicySet } from "../policy/policy-set.ts";
import type { ArgumentReport } from "../policy/provenance/judge-call.ts";
import { utf8 } from "../ports/bytes.ts";
import type { Clock } from "../ports/clock.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import type { Files } from "../ports/files.ts";
import type { Call, Parked } from "./call.ts";
import type { DeedBody } from "./changes.ts";
import type { Strangers } from "./circumstances.ts";
import { type KnownSecrets, refuseSecrets, withoutSecrets } from "./known-secrets.ts";
import { type Registry, skillName } from "./registry.ts";
import { type Declarations, situation } from "./situation.ts";
import type { CommandContext, OutsideSkill, OwnSkill, Skill } from "./skill.ts";
import { type ApprovalRow, approvalOf, type CommandRow, commandRow, meta, openQuestion } from "./state.ts";
import { stopPath } from "./stop-path.ts";
import { TaskTraces, type TracedCall } from "./task-traces.ts";

export interface KernelDeps {
  ledger: Ledger;
  /** A second connection that sees committed state only. */
  reader: Database;
  registry: Registry;
  files: Files;
  crypto: Crypto;
  clock: Clock;
  hmacKey: Uint8Array;
  config: () => Config;
  /** The rules in force now, and the object that keeps their text. */
  policy: () => PolicySet;
  declared: Declarations;
  strangers: Strangers;
  isProtected: (path: string) => boolean;
  /** Calls back once STOP stands, whoever made it; at once where it does already. */
  onStop: (listener: () => void) => Disposable;
  knownSecrets: KnownSecrets;
  /** Resolves once the secrets that can be read without asking are known. */
  secretsLoaded: () => Promise<void>;
}

/** A command after its first transaction: over, or about to act outside. */
type Begun = { outcome: Outcome } | { run: () => Promise<Outcome> };

/**
 * The one gate. Everything anyone does is a command, and takes one way:
 * parse, classify, provenance, judge, journal the intent, run, journal the outcome, publish.
 */
export class Kernel {
  readonly #deps: KernelDeps;
  readonly #running = new Map<string, { what: string; ending: Promise<Outcome> }>();
  readonly #traces = new TaskTraces();
  readonly #outside = new Set<AbortController>();
  /** Why nothing begins outside any more. */
  #closing: string | undefined;

  constructor(deps: KernelDeps) {
    this.#deps = deps;
  }

  /** Never throws for what a caller can do wrong: every end is an outcome, and every outcome is in the journal. */
  act(command: Command): Promise<Outcome> {
    const id = command.id ?? this.#deps.crypto.id();
    const what = written([command.principal, command.skill, command.args]);
    if (what === undefined) return this.#fail({ ...command, id }, unwritable());
    const running = this.#running.get(id);
    if (running?.what === what) return running.ending;
    if (running) return Promise.resolve({ status: "failed", id, fault: faultOf(reused(id)) });
    const ending = this.#perform({ ...command, id })
      .then((outcome) => withoutSecrets(this.#deps.knownSecrets, outcome, command.principal))
      .finally(() => this.#running.delete(id));
    this.#running.set(id, { what, ending });
    return ending;
  }

  /** What the judge would say, with nothing run and nothing recorded. */
  check(command: Command): { verdict: Verdict; requests: [PolicyRequest, ...PolicyRequest[]] } {
    const call = this.#parse({ ...command, id: command.id ?? this.#deps.crypto.id() });
    return this.#judge(this.#deps.reader, call, this.#deps.clock.now(), false);
  }

  get isStopped(): boolean {
    return this.#deps.files.facts(stopPath) !== undefined;
  }

  /** Reads a parked command back for continuing it, and does its slow work. Throws when the skill changed since. */
  async prepareParked(parked: Parked): Promise<Call> {
    const call = this.#parse({ ...parked, skill: skillName(parked.skill) });
    const shown = parked.steered && { shown: parked.steered };
    if (call.pinned === parked.skill) return this.#prepare({ ...call, ...shown });
    const change = `${parked.skill} is now ${call.pinned}`;
    throw new Fault("approval.changed", `The skill changed since the question: ${change}. Refuse it and ask again.`);
  }

  async #perform(command: Command & { id: string }): Promise<Outcome> {
    let call: Call;
    try {
      await this.#deps.secretsLoaded();
      call = await this.#prepare(this.#parse(command));
    } catch (error) {
      return this.#fail(command, error);
    }
    try {
      if (call.skill.kind === "query") return await this.#query(call);
      const begun = await this.#deps.ledger.transact((tx) => this.#begin(tx, call));
      return await this.#finish(begun);
    } catch (error) {
      return this.#fail(call, error);
    }
  }

  #parse(command: Command & { id: string }): Call {
    const { registry, crypto, hmacKey, config, knownSecrets } = this.#deps;
    refuseSecrets(knownSecrets, command);
    const skill = registry.get(command.skill);
    const parsed = skill.manifest.input.safeParse(command.args);
    if (!parsed.success) throw new Fault("args.invalid", explainIssues(skill, parsed.error));
    const args = parsed.data as Record<string, unknown>;
    const classification = skill.classify(args, config());
    if (!skill.manifest.effects.includes(classification.effect)) {
      const what = `${skill.manifest.name} claims the effect ${classification.effect}, which its manifest does not declare`;
      throw new Fault("skill.misdeclared", `${what}. It is refused until that is mended.`);
    }
    const pinned = registry.pinned(skill);
    const { id, principal, onBehalfOf, task, cause } = command;
    const whole = written({ pinned, args }, canonical);
    if (whole === undefined) throw unwritable();
    const argsHash = crypto.hmacHex(hmacKey, whole);
    return {
      id,
      principal,
      skill,
      pinned,
      args,
      argsHash,
      classification,
      ...(onBehalfOf && { onBehalfOf }),
      ...(task && { task }),
      ...(cause && { cause }),
    };
  }

  async #prepare(call: Call): Promise<Call> {
    const { reader, config } = this.#deps;
    if (call.skill.kind !== "own" || !call.skill.prepare) return call;
    return { ...call, prepared: await call.skill.prepare(call.args, { config: config(), db: reader }) };
  }

  /** Inside the writer: judge, and do or park or refuse. An approval's continuation comes here with `approved`. */
  #begin(tx: Transaction, call: Call, approved = false): Begun {
    const earlier = approved ? undefined : this.#earlier(tx.db, call);
    if (earlier) return { outcome: earlier };
    this.#noteStop(tx, call);
    const { verdict, requests, steered } = this.#judge(tx.db, call, tx.now, approved);
    const told = call.skill.kind === "outside" ? call.skill.journalled?.(call.args) : undefined;
    const judged = { ...this.#entry(call), ...this.#judgement(verdict, requests), ...(told && { body: told }) };
    if (verdict.verdict === "deny") {
      tx.append({ ...judged, phase: "deny" });
      return { outcome: { status: "denied", id: call.id, ...refusal(verdict) } };
    }
    if (verdict.verdict === "ask") return { outcome: this.#park(tx, call, judged, { verdict, steered }) };
    if (approved) this.#traces.endorse(call.task, call.shown ?? []);
    const intent: Entry = { ...judged, phase: "intent", ...(approved && { body: { ...told, approved } }) };
    if (call.skill.kind === "own") return this.#apply(tx, call, call.skill, intent);
    const skill = call.skill as OutsideSkill<unknown, unknown>;
    tx.append(intent);
    return { run: () => this.#runOutside(call, skill) };
  }

  /** Own data: what was changed is known before anything is on disk, so the intent says it. */
  #apply(tx: Transaction, call: Call, skill: OwnSkill<unknown, unknown>, intent: Entry): Begun {
    const continued: Begun[] = [];
    const resume = (parked: Call) => void continued.push(this.#begin(tx, parked, true));
    let noted: Partial<DeedBody> = {};
    const note = (more: Partial<DeedBody>) => {
      noted = { ...noted, ...more };
    };
    const value = skill.apply(call.args, { ...this.#context(call, tx.now), tx, resume, note }, call.prepared);
    const wrote = tx.takeChanges();
    const hasChanges = wrote.lines + wrote.files.length > 0;
    const deed = { wrote, undoable: skill.manifest.undo !== null, ...noted };
    tx.append(hasChanges ? { ...intent, body: { ...intent.body, ...deed } } : intent);
    tx.append({ ...this.#entry(call), phase: "outcome", outcome: { status: "done" } });
    const outcome: Outcome = { status: "done", id: call.id, value };
    this.#learn(call, value);
    const [next] = continued;
    if (!next) return { outcome };
    return { run: async () => ({ ...outcome, value: { ...(value as object), outcome: await this.#finish(next) } }) };
  }

  async #finish(begun: Begun): Promise<Outcome> {
    return "run" in begun ? begun.run() : begun.outcome;
  }

  async #runOutside(call: Call, skill: OutsideSkill<unknown, unknown>): Promise<Outcome> {
    const { ledger, clock, crypto, hmacKey, onStop } = this.#deps;
    if (this.isStopped && !isOwner(call.principal)) return this.#interrupt(call, "STOP came before it began.");
    if (this.#closing !== undefined) return this.#interrupt(call, `${this.#closing} before it began.`);
    const ending = new AbortController();
    using _stop = isOwner(call.principal) ? undefined : onStop(() => ending.abort("STOP came while it ran"));
    this.#outside.add(ending);
    let body: Record<string, unknown> = {};
    const note = (more: Record<string, unknown>) => {
      body = { ...body, ...more };
    };
    const kept: Uint8Array[] = [];
    const keep = (bytes: Uint8Array) => {
      kept.push(bytes);
      return crypto.hmacHex(hmacKey, bytes);
    };
    const dropped = new Set<string>();
    const drop = (object: string) => void dropped.add(object);
    let outcome: Outcome;
    try {
      const context = { ...this.#context(call, clock.now()), signal: ending.signal, note, keep, drop };
      // A skill that does not heed its signal is not waited for: what it did is unknown, and the log says so.
      const value = await Promise.race([skill.run(call.args, context), aborted(ending.signal)]);
      outcome = { status: "done", id: call.id, value };
      this.#learn(call, value);
    } catch (error) {
      if (ending.signal.aborted) {
        const message = `${ending.signal.reason}. What it had done by then is done. \`mh why ${call.id}\``;
        outcome = { status: "interrupted", id: call.id, message };
      } else outcome = { status: "failed", id: call.id, fault: faultOf(error) };
    } finally {
      this.#outside.delete(ending);
    }
    const { status } = outcome;
    const fault = outcome.status === "failed" ? { fault: { code: outcome.fault.code, message: "" } } : {};
    const told = Object.keys(body).length > 0 ? { body } : {};
    await ledger.transact((tx) => {
      for (const bytes of kept) tx.object(bytes);
      for (const object of dropped) tx.dropObject(object);
      tx.append({ ...this.#entry(call), phase: "outcome", outcome: { status: status as "done", ...fault }, ...told });
    });
    return outcome;
  }

  /** Ends what acts outside, because the home is being closed, and lets nothing begin. Each is journaled as interrupted. */
  async endOutside(why: string): Promise<void> {
    this.#closing = why;
    for (const ending of this.#outside) ending.abort(why);
    await Promise.allSettled([...this.#running.values()].map(({ ending }) => ending));
  }

  async #interrupt(call: Call, message: string): Promise<Outcome> {
    const entry: Entry = { ...this.#entry(call), phase: "outcome", outcome: { status: "interrupted" } };
    await this.#deps.ledger.transact((tx) => tx.append(entry));
    return { status: "interrupted", id: call.id, message };
  }

  async #query(call: Call): Promise<Outcome> {
    const { reader, clock, ledger } = this.#deps;
    refuseReused(commandRow(reader, call.id), call);
    const now = clock.now();
    const { verdict, requests } = this.#judge(reader, call, now, false);
    const judged = { ...this.#entry(call), ...this.#judgement(verdict, requests) };
    if (verdict.verdict !== "allow") return this.#finish(await ledger.transact((tx) => this.#begin(tx, call)));
    if (call.skill.kind !== "query") throw new Fault("skill.misdeclared", `${call.pinned} is not a query.`);
    const value = await call.skill.run(call.args, { ...this.#context(call, now), db: reader });
    const entry: Entry = { ...judged, phase: "outcome", outcome: { status: "done" } };
    if (isOwner(call.principal)) ledger.noteRead(entry);
    else await ledger.transact((tx) => tx.append(entry));
    this.#learn(call, value);
    return { status: "done", id: call.id, value };
  }

  /** The outcome of an earlier command with this id, read back from what it left. */
  #earlier(db: Database, call: Call): Outcome | undefined {
    const row = commandRow(db, call.id);
    if (!row) return undefined;
    refuseReused(row, call);
    const { id } = call;
    if (row.status === "done") {
      const value = call.skill.kind === "own" ? call.skill.recall?.(db, id, call.args) : undefined;
      return { status: "done", id, value: value ?? null };
    }
    if (row.status === "parked") return this.#parkedBefore(db, call);
    if (row.status === "failed")
      throw new Fault("skill.failed", `The command ${id} failed before. Use a new id to try again.`);
    if (row.status === "denied") throw new Fault("skill.failed", `The command ${id} was denied before: mh why ${id}.`);
    // It may have come to its end or not; the skill says that doing it again does no harm.
    if (call.skill.kind === "outside" && call.skill.manifest.retry === "safe") return undefined;
    return {
      status: "interrupted",
      id,
      message: `The command ${id} was begun and its end is not known: mh why ${id}.`,
    };
  }

  /** What became of the question that a command was parked with; where another command had asked it, of that one. */
  #parkedBefore(db: Database, call: Call): Outcome | undefined {
    const asked = approvalOf(db, call.id) as ApprovalRow;
    if (asked.id === call.id) return waiting(call.id, asked);
    const first = this.#earlier(db, { ...call, id: asked.id });
    return first && { ...first, id: call.id };
  }

  /** The owner is asked once: the same command of the same principal waits for the answer that is waited for already. */
  #park(
    tx: Transaction,
    call: Call,
    judged: Omit<Entry, "phase">,
    { verdict, steered }: { verdict: Verdict; steered: readonly ArgumentReport[] },
  ): Outcome {
    const { id, principal, onBehalfOf, args, argsHash, pinned, task, cause } = call;
    const asked = openQuestion(tx.db, { principal, skill: pinned, argsHash }, tx.now);
    const refused = refusal(verdict);
    if (asked) {
      tx.append({ ...judged, phase: "ask", ref: asked.id });
      return { ...waiting(id, asked), ...refused };
    }
    const parked: Parked = {
      id,
      principal,
      skill: pinned,
      args,
      ...(onBehalfOf && { onBehalfOf }),
      ...(task && { task }),
      ...(cause && { cause }),
      ...(steered.length > 0 && {
        steered: this.#traces
          .sourced(task, steered)
          .map(({ path, value, origins, beside, reason }) => ({ path, value, origins, beside, reason })),
      }),
    };
    const object = tx.object(utf8.encode(canonical(parked)));
    const expiresAt = new Date(tx.now + this.#deps.config().approvals.expireAfterMinutes * 60_000).toISOString();
    const body = { ...judged.body, expiresAt, layer: refused.layer, reason: refused.reason };
    tx.append({ ...judged, phase: "ask", ref: id, objects: [object], body });
    return { status: "parked", id, approval: id, expiresAt, ...refused };
  }

  #judge(db: Database, call: Call, now: number, approved: boolean) {
    const { config, declared, isProtected, policy, strangers } = this.#deps;
    const { principal, cause, task, skill, args, argsHash, classification } = call;
    const stopped = this.isStopped;
    const steered = isOwner(principal) ? [] : this.#traces.judge(tracedOf(call)).filter(({ vouched }) => !vouched);
    const input = {
      unvouched: steered.map(({ path }) => path),
      db,
      config: config(),
      now,
      declared,
      strangers,
      stopped,
      isProtected,
      principal,
      cause,
      task,
      skill,
      args,
      argsHash,
      classification,
    };
    const requests = situation(input);
    const [first, ...rest] = requests;
    const set = policy();
    const verdict = intersect([judge(set, first, approved), ...rest.map((r) => judge(set, r, approved))]);
    return { verdict, requests, steered };
  }

  /** STOP is made without the lock, by whoever can write the file; the holder journals it when it first sees it. */
  #noteStop(tx: Transaction, call: Call): void {
    if (!this.isStopped || meta(tx.db, "stop") === "standing") return;
    if (call.skill.manifest.name === "kernel.stop") return;
    tx.append({ phase: "stop", id: this.#deps.crypto.id(), principal: "file" });
  }

  #entry(call: Call): Omit<Entry, "phase"> {
    const { id, principal, onBehalfOf, pinned, argsHash, task, cause } = call;
    return {
      id,
      principal,
      skill: pinned,
      argsHash,
      ...(onBehalfOf && { onBehalfOf }),
      ...(task && { task: task.id }),
      ...(cause && { cause }),
    };
  }

  /** What a command of somebody lesser read may show in that one's next arguments. */
  #learn(call: Call, value: unknown): void {
    if (!isOwner(call.principal)) this.#traces.add(tracedOf(call), value);
  }

  #judgement(verdict: Verdict, requests: PolicyRequest[]) {
    const { layers, rules, policyHash } = verdict;
    const request = requests.map((r) => ({
      ...r,
      scope: r.scope.recipients ? { ...r.scope, recipients: this.#seal(r.scope.recipients) } : r.scope,
      ...(r.outsiders && { outsiders: this.#seal(r.outsiders) }),
    }));
    return { request, verdict: verdict.verdict, layers, rules, policyHash };
  }

  /** People and addresses enter the journal as HMACs. */
  #seal(addresses: readonly string[]): string[] {
    const { crypto, hmacKey } = this.#deps;
    return addresses.map((address) => sealed(crypto, hmacKey, address));
  }

  #context(call: Call, now: number): CommandContext {
    const origins = isOwner(call.principal) ? ["owner"] : [call.principal];
    const { id: commandId, principal, task } = call;
    return { commandId, principal, ...(task && { task: task.id }), config: this.#deps.config(), now, origins };
  }

  /** A fault before or inside the transaction left nothing behind; the journal says that it was tried. */
  async #fail(command: Pick<Command, "principal" | "skill" | "cause"> | Call, error: unknown): Promise<Outcome> {
    const id = (command as { id: string }).id;
    const fault = faultOf(error);
    const skill = typeof command.skill === "string" ? command.skill : this.#deps.registry.pinned(command.skill);
    const known = "argsHash" in command ? { argsHash: command.argsHash } : {};
    const entry: Entry = {
      phase: "outcome",
      id,
      principal: command.principal,
      skill,
      ...known,
      // The message may quote what was typed: it is for the caller, and the journal keeps the code.
      outcome: { status: "failed", fault: { code: fault.code, message: "" } },
    };
    const isNew = fault.code !== "command.id-reused" && commandRow(this.#deps.reader, id) === undefined;
    if (isNew && !fault.code.startsWith("disk."))
      await this.#deps.ledger.transact((tx) => tx.append(entry)).catch(() => undefined);
    return { status: "failed", id, fault };
  }
}

/** How the journal names an address. */
export const sealed = (crypto: Crypto, hmacKey: Uint8Array, address: string): string =>
  `hmac:${crypto.hmacHex(hmacKey, address).slice(0, 16)}`;

function waiting(id: string, { id: approval, layer, reason, expires_ms }: ApprovalRow): Outcome & { status: "parked" } {
  const expiresAt = new Date(expires_ms).toISOString();
  return { status: "parked", id, approval, expiresAt, layer, reason, rules: [], layers: [] };
}

/** Undefined for what cannot be written down: nested too deep, going in circles, or no Unicode. */
function written(value: unknown, write: (value: unknown) => string = JSON.stringify): string | undefined {
  try {
    return write(value);
  } catch {
    return undefined;
  }
}

const unwritable = (): Fault =>
  new Fault("args.invalid", "The arguments cannot be written down: nested too deep, or not valid Unicode.");

const reused = (id: string): Fault =>
  new Fault("command.id-reused", `The command id ${id} was used for something else. Use a new one.`);

/** A record under the id of another command would be taken for that one's end, and close its question. */
function refuseReused(earlier: CommandRow | undefined, { id, principal, argsHash }: Call): void {
  if (earlier && (earlier.args_hash !== argsHash || earlier.principal !== principal)) throw reused(id);
}

function refusal(verdict: Verdict): Refusal {
  const { layer, layers, rules } = verdict;
  return { layer, layers, rules, reason: layers.find((report) => report.layer === layer)?.reason ?? "" };
}

const tracedOf = ({ id, skill, args, classification, task }: Call): TracedCall => ({
  ...{ id, skill, args, effect: classification.effect, task },
});

function faultOf(error: unknown): { code: Fault["code"]; message: string } {
  if (sqliteCode(error) === "SQLITE_FULL") {
    return { code: "disk.full", message: "The disk is full. Nothing was written; make room and try again." };
  }
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(sqliteCode(error)))
    return { code: "index.damaged", message: "The index is damaged; it is being made anew." };
  if (error instanceof Fault) return { code: error.code, message: error.message };
  return {
    code: "skill.failed",
    message: `Something went wrong inside: ${error instanceof Error ? error.message : error}`,
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const end = () => reject(new Error(String(signal.reason)));
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}

function sqliteCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "";
}

function explainIssues(skill: Skill, error: z.ZodError): string {
  const [issue] = error.issues;
  const where = issue?.path.join(".") || "the arguments";
  return `${skill.manifest.name}: ${where}: ${issue?.message ?? "not valid"}.`;
}
