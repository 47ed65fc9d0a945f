import { approvalOffer, offerDecline } from "@mh/contract/offers.ts";
import { parkedSchema } from "@mh/contract/values/approval.ts";
import type { Effect, Scope } from "@mh/contract/values/effect.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { RuleOffer } from "@mh/contract/values/offer.ts";
import type { PolicyRule } from "@mh/contract/values/policy-rule.ts";
import type { JournalRecord } from "@mh/contract/values/record.ts";
import type { Inspector } from "../inspect/inspect.ts";
import { sealed } from "../kernel/parts.ts";
import { type Registry, skillName } from "../kernel/registry.ts";
import { declinedOffer, routines, routineTimes, timesApproved } from "../kernel/routine.ts";
import { idNamed, type Named } from "../kernel/short-id.ts";
import { defineAdmin, defineQuery } from "../kernel/skill.ts";
import type { Config } from "../model/config.ts";
import { shortId } from "../model/short-id.ts";
import { type LoosenDeps, type LoosenedRules, type Loosening, loosen } from "../policy/loosen.ts";
import { decodeUtf8 } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import type { Files } from "../ports/files.ts";

export interface OfferDeps {
  crypto: Crypto;
  hmacKey: Uint8Array;
  files: Pick<Files, "read">;
  registry: Registry;
  config: () => Config;
  readObject: (name: string) => string | undefined;
  inspector: Pick<Inspector, "explain" | "records" | "size">;
  /** Folder and rules of the owner's, as they are in force. */
  rules: { folder: string; state: () => { inForce: PolicyRule[] } };
}

/** What is done for good never becomes a matter of routine. */
const neverRoutine: readonly Effect[] = ["spend", "destroy", "admin"];
const dayMs = 24 * 3_600_000;
const routineDays = 90;
const offersMax = 10;

/** Rules that would loosen one command of the past, drafted. Throws `approval.not-found` where none can. */
export function offerSkill(deps: OfferDeps) {
  return defineQuery(approvalOffer, {
    run({ id, to }) {
      const told = deps.inspector.explain(id);
      if (!told)
        throw new Fault("approval.not-found", `The log knows nothing of ${id}. \`mh approvals blocked\` shows ids.`);
      const draft = told.decided && draftFor(deps, told.decided, to);
      if (draft) return { id: told.id, ...draft };
      const why = to === "ask" ? "make it ask instead" : "let it pass without asking";
      throw new Fault(
        "approval.not-found",
        `No rule of yours would ${why}: what cannot be loosened stands in its way, or it is decided otherwise by now. \`mh why ${shortId(told.id)}\``,
      );
    },
  });
}

const asked: Named = {
  ...{ from: "asked_kinds", column: "id", code: "approval.not-found" },
  ...{ one: "offer", many: "offers", list: "mh approvals" },
};

/** The offer is made no more, whatever is approved from now on. */
export function declineOfferSkill() {
  return defineAdmin(offerDecline, {
    stored: "kept",
    apply({ id }, { tx, commandId, principal }) {
      const approval = idNamed(tx.db, asked, id);
      tx.append({ phase: "refuse", id: commandId, ref: declinedOffer(approval), principal });
      return { id: approval };
    },
  });
}

/** Every offer that stands. */
export function offersIn(deps: OfferDeps, db: Database, now: number): RuleOffer[] {
  return routines(db, now - routineDays * dayMs, offersMax).flatMap(({ id, times }) => offerOf(deps, id, times) ?? []);
}

/** The offer that an approval brings about which is the third of its kind; undefined for any other. */
export function offerAfter(deps: OfferDeps, db: Database, id: string, now: number): RuleOffer | undefined {
  const times = timesApproved(db, id, now - routineDays * dayMs) + 1;
  return times === routineTimes ? offerOf(deps, id, times) : undefined;
}

function offerOf(deps: OfferDeps, id: string, times: number): RuleOffer | undefined {
  const asked = deps.inspector.explain(id)?.records.find(({ phase }) => phase === "ask");
  const draft = asked && draftFor(deps, asked, "allow");
  if (!draft) return undefined;
  return { id, title: draft.title, times, principal: asked.principal, skill: skillName(asked.skill ?? "") };
}

/** The change of rules by which a recorded command would ask, or pass. */
export function draftFor(deps: OfferDeps, decided: JournalRecord, how: Loosening): LoosenedRules | undefined {
  const { request: requests = [], rules = [], skill = "" } = decided;
  const [first] = requests;
  if (!first || (how === "allow" && (neverRoutine.includes(first.effect) || first.amount))) return undefined;
  const scope = how === "allow" ? plainScope(deps, decided) : {};
  if (!scope) return undefined;
  const kinds = requests.map(({ principal, effect, risk }) => ({
    principal,
    effect,
    risk,
    scope,
    skill: skillName(skill),
  }));
  return loosen(loosenDeps(deps), deps.rules.state().inForce, { requests, rules }, kinds, how);
}

/** What a parked command touches, with addresses as they are written: the journal has them sealed. */
function plainScope(
  { readObject, registry, config }: OfferDeps,
  { objects = [], skill = "" }: JournalRecord,
): Scope | undefined {
  const text = readObject(objects[0] ?? "");
  const known = registry.find(skillName(skill));
  if (text === undefined || !known) return undefined;
  return known.classify(parkedSchema().parse(JSON.parse(text)).args, config()).scope;
}

const loosenDeps = ({ crypto, hmacKey, files, rules }: OfferDeps): LoosenDeps => ({
  crypto,
  seal: (address) => sealed(crypto, hmacKey, address),
  readFile: (name) => {
    const bytes = files.read(`${rules.folder}/${name}`);
    return bytes && decodeUtf8(bytes);
  },
});
