import { effects, type Layer, risks, trustLevels } from "@mh/contract/values/effect.ts";
import { principalKinds } from "@mh/contract/values/principal.ts";
import { deviceRoles } from "@mh/contract/values/role.ts";
import type { ShippedPolicy } from "./trust-table.ts";

const enumOf = (values: readonly string[]): string => `[${values.map((v) => `"${v}"`).join(", ")}]`;

/** The Cedar schema. Enum entities make a misspelt value an error instead of a rule that never fires. */
export const policySchema = `namespace mh {
  entity Kind enum ${enumOf(principalKinds)};
  entity Trust enum ${enumOf(trustLevels)};
  entity Risk enum ${enumOf(risks)};
  entity Role enum ${enumOf(deviceRoles)};
  entity Principal { kind: Kind, trust: Trust, trustLevel: Long, owner: Bool };
  entity Skill;
  type Situation = {
    approved: Bool, may: Bool, granted: Bool, inScope: Bool, protectedArea: Bool, stopped: Bool,
    risk: Risk, riskLevel: Long, rateLeft: Long, role: Role,
    paths: Set<String>, hosts: Set<String>, recipients: Set<String>, unvouched: Set<String>,
    folders: Set<String>, allInFolders: Set<String>, domains: Set<String>, allInDomains: Set<String>,
    recipientDomains: Set<String>, allInRecipientDomains: Set<String>, outsiders: Set<String>,
    hour: Long, weekday: Long, minuteOfDay: Long, quietHours: Bool,
    amount: Long, currency: String, spendLeft: Long, repeatsLeft: Long, questionsLeft: Long, asking: Bool,
  };
  action ${effects.map((e) => `"${e}"`).join(", ")}
    appliesTo { principal: [Principal], resource: [Skill], context: Situation };
}`;

const rule = (id: string, layer: Layer, title: string, text: string): ShippedPolicy => ({
  id,
  effect: text.startsWith("permit") ? "permit" : "forbid",
  layer,
  title,
  text,
});

/** What a device in the owner's hand may do without being the owner's other self: of effect `admin`, and on this machine. */
const operatorSkills = [
  "approval.approve",
  "approval.deny",
  "kernel.stop",
  "device.subscribe",
  "device.unsubscribe",
  "device.revoke",
  "device.key",
  "passkey.add",
  // To talk with the model here writes no file and starts no program.
  "llm.generate",
] as const;

/** What only reads by itself, and has others act or looks around for the owner: on the word of the caller, which counts as theirs. */
const workingSkills = [
  ...["decision.make", "agent.delegate", "agent.run", "chat.say", "standing.look"],
  ...["observe.shell", "observe.git", "observe.browser", "observe.files"],
] as const;

/**
 * The invariants: forbids that no file of the owner can loosen. A forbid with `unless { context.approved }` asks;
 * one without it is a no that no approval lifts.
 */
export const invariants = [
  rule(
    "invariant.owner",
    "boundary",
    "You may do what no rule forbids",
    `permit (principal, action, resource) when { principal.owner };`,
  ),
  rule(
    "invariant.admin",
    "capability",
    "Rules, grants, trust, approvals and the log are the owner's alone",
    `forbid (principal, action == mh::Action::"admin", resource) unless { principal.owner };`,
  ),
  rule(
    "invariant.devices",
    "capability",
    "Only you at this machine add a device or a program: one that is lost must not add others",
    `forbid (principal, action, resource) when { [mh::Skill::"device.add", mh::Skill::"client.add", mh::Skill::"channel.pair", mh::Skill::"passkey.remove"].contains(resource) }
unless { principal == mh::Principal::"owner" };`,
  ),
  rule(
    "invariant.viewer",
    "capability",
    "A device that only looks changes nothing; STOP it may raise",
    `forbid (principal, action, resource) when { context.role == mh::Role::"viewer" }
unless { action == mh::Action::"read" && ![${workingSkills.map((name) => `mh::Skill::"${name}"`).join(", ")}].contains(resource) || resource == mh::Skill::"kernel.stop" };`,
  ),
  rule(
    "invariant.operator",
    "capability",
    "A device that operates answers approval requests; it changes no rule, grant, key or device, and nothing on this machine outside the home",
    `forbid (principal, action, resource)
when { context.role == mh::Role::"operator" && [mh::Action::"admin", mh::Action::"local"].contains(action) }
unless { [${operatorSkills.map((name) => `mh::Skill::"${name}"`).join(", ")}].contains(resource) };`,
  ),
  rule(
    "invariant.declared",
    "capability",
    "Nobody uses a skill that is not declared for them",
    `forbid (principal, action, resource) unless { principal.owner || context.may };`,
  ),
  rule(
    "invariant.first-use",
    "capability",
    "The first use of a skill waits for your approval",
    `forbid (principal, action, resource) unless { principal.owner || context.granted || context.approved };`,
  ),
  rule(
    "invariant.stop",
    "boundary",
    "While STOP stands, only the owner reads, writes and administers",
    `forbid (principal, action, resource) when { context.stopped }
unless { principal.owner && [mh::Action::"read", mh::Action::"write", mh::Action::"admin"].contains(action) };`,
  ),
  rule(
    "invariant.protected",
    "boundary",
    "Code, log, rules and settings of this home are closed to everyone but the owner",
    `forbid (principal, action, resource) when { context.protectedArea } unless { principal.owner };`,
  ),
  rule(
    "invariant.provenance",
    "provenance",
    "A value that controls the effect does not come from you",
    `forbid (principal, action, resource) when { !context.unvouched.isEmpty() } unless { principal.owner || context.approved };`,
  ),
  rule(
    "invariant.high-risk",
    "risk",
    "High risk waits for your approval",
    `forbid (principal, action, resource) when { context.risk == mh::Risk::"high" }
unless { principal.owner || action == mh::Action::"read" || context.approved };`,
  ),
  rule(
    "invariant.rate",
    "rate",
    "Too many commands in a short time",
    `forbid (principal, action, resource) when { context.rateLeft <= 0 } unless { principal.owner };`,
  ),
  rule(
    "invariant.repeat",
    "rate",
    "The same command again and again waits for your approval",
    `forbid (principal, action, resource) when { context.repeatsLeft <= 0 } unless { principal.owner || context.approved };`,
  ),
  rule(
    "invariant.spend",
    "rate",
    "It is more than the allowance holds",
    `forbid (principal, action, resource) when { context.spendLeft < 0 } unless { principal.owner };`,
  ),
  rule(
    "invariant.questions",
    "approval",
    "Too many approval requests of the same one wait for you",
    `forbid (principal, action, resource) when { context.asking && context.questionsLeft <= 0 } unless { principal.owner };`,
  ),
  rule(
    "invariant.irreversible",
    "approval",
    "What cannot be undone waits for your confirmation",
    `forbid (principal, action == mh::Action::"destroy", resource) unless { context.approved };`,
  ),
];
