import type { ApprovalRow } from "@mh/contract/values/approval.ts";
import type { Scope } from "@mh/contract/values/effect.ts";
import { displayNames } from "@mh/contract/values/messenger.ts";
import { commandRow, liveGrants } from "../kernel/state.ts";
import { idOfHash } from "../model/hashed-id.ts";
import { covers } from "../model/scope.ts";
import { notifySettings } from "../notify/settings.ts";
import type { DeskDeps } from "./came.ts";
import { type ApprovalShown, cardText, whyNotHere } from "./card.ts";
import { type CardRow, cardsShown, type InboxRow, unanswered } from "./channels-table.ts";
import { doTyped } from "./do-typed.ts";
import { wordsOf } from "./inbox.ts";
import { noticeOf } from "./notice.ts";
import { channelPrincipal, type Paired, pairedWith } from "./paired.ts";
import type { Followed } from "./show-run.ts";
import { whyCommand } from "./words.ts";

export interface AnswerDeps extends Omit<DeskDeps, "showAgain"> {
  moment: (ms: number) => string;
  /** The time of day alone. */
  timeOfDay: (ms: number) => string;
}

const buttonMs = 12 * 3_600_000;
const cardsMax = 20;
const modules = displayNames.map(channelPrincipal);
const pauseMsMax = 10 * 60_000;

/**
 * What the owner's devices are to be shown: answers to what was typed, approval requests, and how these ended. All of it is
 * computed from what the log holds, so that a crash neither loses nor doubles it. Each is a command of the module's.
 */
export class Answers {
  readonly #deps: AnswerDeps;
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #followed = new Map<string, Followed>();
  readonly #again = new Set<string>();
  /** What did not arrive is tried again, later each time. */
  readonly #rests = new Map<string, { until: number; ms: number }>();

  constructor(deps: AnswerDeps) {
    this.#deps = deps;
  }

  readonly following = (run: string): Followed | undefined => this.#followed.get(run);

  readonly showAgain = (approval: string, device: string): void =>
    void this.#again.add(keyOf("card", approval, device));

  /** Begins all that is missing. While STOP stands nothing is sent. */
  look(): void {
    const { reader, readObject, clock, isStopped } = this.#deps;
    if (isStopped()) return;
    const paired = displayNames
      .flatMap((channel) => pairedWith({ db: reader, readObject }, channel))
      .filter(this.#isOn);
    if (paired.length === 0) return;
    for (const row of unanswered(reader, clock.now())) {
      const to = paired.find(({ device }) => device.id === row.device);
      if (to) this.#once(keyOf("answer", row.id), () => this.#answer(row, to));
    }
    const shown = cardsShown(reader);
    for (const to of paired.filter(({ device }) => device.role !== "viewer")) {
      for (const row of this.#cardsFor(to, shown))
        this.#once(keyOf("card", row.id, to.device.id), () => this.#showCard(row, to));
      for (const card of shown.filter(({ device }) => device === to.device.id))
        this.#once(keyOf("close", card.approval, card.device), () => this.#close(card, to));
    }
  }

  /** A browser is shown things once the settings say who sends, and for as long as a grant names its push service. */
  readonly #isOn = ({ channel, host }: Paired): boolean => {
    if (channel !== "webPush") return true;
    const { reader, clock, config } = this.#deps;
    if (notifySettings.of(config()).webPush.contact === undefined) return false;
    const grants = liveGrants(reader, channelPrincipal(channel), "channel.send", undefined, clock.now());
    return grants.some(({ scope }) => covers(JSON.parse(scope) as Scope, { hosts: [host ?? ""] }));
  };

  /** Ends when all that was begun has ended. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay.values());
  }

  #once(key: string, work: () => Promise<boolean>): void {
    const rest = this.#rests.get(key);
    if (this.#underWay.has(key) || (rest && rest.until > this.#deps.clock.steady())) return;
    const ended = work().then((isGood) => {
      this.#underWay.delete(key);
      if (isGood) return void this.#rests.delete(key);
      const ms = Math.min((rest?.ms ?? 2_500) * 2, pauseMsMax);
      this.#rests.set(key, { until: this.#deps.clock.steady() + ms, ms });
    });
    this.#underWay.set(key, ended);
  }

  async #answer(row: InboxRow, to: Paired): Promise<boolean> {
    const text = wordsOf(row, this.#deps.readObject);
    const shown =
      text === undefined
        ? { text: "What you typed was deleted before it was answered." }
        : await doTyped(this.#deps, row, to, text);
    if (row.what === "approvals") for (const { id } of this.#open()) this.showAgain(id, to.device.id);
    if ("run" in shown) {
      this.#followed.set(shown.id, shown);
      try {
        return await this.#send(to, ["answer", row.id], { follows: shown.id, answers: row.id });
      } finally {
        this.#followed.delete(shown.id);
      }
    }
    return this.#send(to, ["answer", row.id], { text: shown.text, answers: row.id });
  }

  #open(): ApprovalRow[] {
    const sql = "SELECT * FROM approvals WHERE status = 'open' AND expires_ms > ? ORDER BY asked_ms";
    const rows = this.#deps.reader.prepare(sql).all(this.#deps.clock.now()) as ApprovalRow[];
    // What a rule makes the module itself ask for would be asked for by asking.
    return rows.filter(({ principal }) => !modules.includes(principal)).slice(0, cardsMax);
  }

  #cardsFor({ device }: Paired, shown: readonly CardRow[]): ApprovalRow[] {
    return this.#open().filter(({ id }) => {
      if (this.#again.has(keyOf("card", id, device.id))) return true;
      return !shown.some((card) => card.approval === id && card.device === device.id);
    });
  }

  async #showCard({ id, object, expires_ms }: ApprovalRow, to: Paired): Promise<boolean> {
    const outcome = await this.#deps.act({ principal: to.principal, skill: "approval.show", args: { id } });
    if (outcome.status !== "done") return false;
    const shown = outcome.value as ApprovalShown;
    const why = whyNotHere(shown);
    const until = Math.min(expires_ms, this.#deps.clock.now() + buttonMs);
    const { text, isWhole } = this.#textFor(to, shown, expires_ms, why);
    const asks = { approval: id, hash: object, until, mayApprove: why === undefined && isWhole };
    this.#again.delete(keyOf("card", id, to.device.id));
    return this.#send(to, ["card", id, to.device.id], { text, asks });
  }

  #textFor({ device, channel }: Paired, shown: ApprovalShown, expiresMs: number, why: string | undefined) {
    const { moment, timeOfDay } = this.#deps;
    if (channel !== "webPush") return { text: cardText(shown, { until: moment(expiresMs), why }), isWhole: true };
    // On a locked screen anybody reads it: the owner says of each device whether it says what is asked.
    if (device.push_words !== 1) return { text: `Open mh to read it. Until ${timeOfDay(expiresMs)}.`, isWhole: false };
    return noticeOf(shown, timeOfDay(expiresMs));
  }

  /** Once a request is answered, wherever that was, its buttons go, and it says how it ended. */
  async #close({ approval, message }: CardRow, to: Paired): Promise<boolean> {
    const { reader, clock } = this.#deps;
    const row = reader.prepare("SELECT * FROM approvals WHERE id = ?").get(approval) as ApprovalRow | undefined;
    if (row?.status === "open" && row.expires_ms > clock.now()) return true;
    const ran = row?.status === "approved" ? commandRow(reader, approval)?.status : undefined;
    if (ran === "begun" || ran === "parked") return true;
    const end =
      ran === undefined ? (row?.status === "open" ? "expired" : (row?.status ?? "gone")) : `approved, and ${ran}`;
    const text =
      to.channel === "webPush" ? `Answered: ${end}.` : `${approval.slice(-8)}: ${end}. ${whyCommand(approval)}`;
    return this.#send(to, ["close", approval, to.device.id, message], { text, closes: { approval, message } });
  }

  /** True where nothing is left to do. What came to no good end may have arrived all the same: sent again, it says so. */
  async #send(
    { device, channel, host }: Paired,
    what: readonly string[],
    args: Record<string, unknown>,
  ): Promise<boolean> {
    const { crypto, reader, act } = this.#deps;
    let again = false;
    for (let nth = 0; ; nth += 1) {
      const id = idOfHash(crypto, ["channel sends", ...what, nth]);
      const status = commandRow(reader, id)?.status;
      // A request may be shown anew.
      if (status === "done" && what[0] !== "card") return true;
      if (status !== undefined) {
        again ||= status === "interrupted" || status === "failed";
        continue;
      }
      const at = { channel, device: device.id, ...(host !== undefined && { host }) };
      // On a browser, what says the same takes the place of what it said before.
      const whole = { ...at, ...args, ...(again && host === undefined && { again }) };
      const outcome = await act({ id, principal: channelPrincipal(channel), skill: "channel.send", args: whole });
      return outcome.status === "done";
    }
  }
}

const keyOf = (...parts: readonly string[]): string => parts.join(" ");
