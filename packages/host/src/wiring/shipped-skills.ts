import { Fault } from "@mh/contract/values/fault.ts";
import type { Principal } from "@mh/contract/values/principal.ts";
import {
  approveSkill,
  denyApprovalSkill,
  listApprovalsSkill,
  showApprovalSkill,
} from "@mh/core/approvals/approvals.ts";
import { archiveSkill, checkpointSkill } from "@mh/core/audit/journal.ts";
import { discardObjectsSkill } from "@mh/core/audit/object-discard.ts";
import {
  answerDecisionSkill,
  explainDecisionSkill,
  listDecisionsSkill,
  makeDecisionSkill,
} from "@mh/core/decision/decision.ts";
import {
  addDeviceSkill,
  listDevicesSkill,
  revokeDeviceSkill,
  subscribeDeviceSkill,
  unsubscribeDeviceSkill,
} from "@mh/core/devices/device.ts";
import { readFileSkill, removeFileSkill, writeFileSkill } from "@mh/core/disk/file.ts";
import type { DocumentKind } from "@mh/core/documents/document.ts";
import { addFactSkill, relateSkill, reviewFactSkill } from "@mh/core/facts/fact.ts";
import {
  giveGrantSkill,
  listGrantsSkill,
  listTrustSkill,
  revokeGrantSkill,
  setTrustSkill,
} from "@mh/core/grants/grants.ts";
import { grantPlanSkill, proposePlanSkill } from "@mh/core/grants/plans.ts";
import { acceptDamageSkill, listDamageSkill, restoreDamageSkill } from "@mh/core/history/damage.ts";
import { historySkill, redoSkill, undoSkill } from "@mh/core/history/history.ts";
import { createSnapshotSkill, listSnapshotsSkill, restoreSnapshotSkill } from "@mh/core/history/snapshot.ts";
import type { Kernel } from "@mh/core/kernel/kernel.ts";
import type { Registry } from "@mh/core/kernel/registry.ts";
import type { Declarations } from "@mh/core/kernel/situation.ts";
import type { Skill } from "@mh/core/kernel/skill.ts";
import { stopPath } from "@mh/core/kernel/stop-path.ts";
import { checkOf } from "@mh/core/memory/project.ts";
import { captureSkill } from "@mh/core/memory/skills/capture.ts";
import { consolidateSkill, proposeSkill } from "@mh/core/memory/skills/consolidate.ts";
import { editSkill } from "@mh/core/memory/skills/edit.ts";
import { forgetSkill } from "@mh/core/memory/skills/forget.ts";
import { importSkill } from "@mh/core/memory/skills/import.ts";
import { showRelationshipsSkill, statsSkill, timelineSkill } from "@mh/core/memory/skills/look.ts";
import { learnSkill, preferSkill } from "@mh/core/memory/skills/note.ts";
import { askSkill, listSkill, peopleSkill, searchSkill, showSkill } from "@mh/core/memory/skills/read.ts";
import { showPersonaSkill, updatePersonaSkill } from "@mh/core/persona/persona.ts";
import { policyHash } from "@mh/core/policy/policy-set.ts";
import type { Clock } from "@mh/core/ports/clock.ts";
import type { Crypto } from "@mh/core/ports/crypto.ts";
import type { Files, Gzip } from "@mh/core/ports/files.ts";
import { plainLines } from "@mh/core/ports/line-codec.ts";
import { adoptPolicySkill, listPolicySkill } from "@mh/core/rules/policy.ts";
import { matrixSkill } from "@mh/core/rules/policy-matrix.ts";
import { draftPolicySkill, writePolicySkill } from "@mh/core/rules/policy-words.ts";
import { adoptConfigSkill, setConfigSkill, showConfigSkill, writeConfigSkill } from "@mh/core/settings/config.ts";
import { resumeSkill, stopSkill } from "@mh/core/stop/stop.ts";
import { listTasksSkill, showTaskSkill } from "@mh/core/tasks/task-read.ts";
import { addTaskSkill, editTaskSkill, taskStatusSkills } from "@mh/core/tasks/task-write.ts";
import { type PolicyFiles, policyFolder } from "../home/policy-files.ts";
import type { SettingsFile } from "../home/settings-file.ts";
import { tableSets } from "./table-sets.ts";

export interface ShippedSkillParts {
  files: Files;
  gzip: Gzip;
  crypto: Crypto;
  clock: Clock;
  hmacKey: Uint8Array;
  registry: Registry;
  kernel: Kernel;
  policy: PolicyFiles;
  settings: SettingsFile;
  kinds: readonly DocumentKind[];
  timeZone: () => string;
  /** An object of the journal: its bytes, and as text. */
  objectBytes: (name: string) => Uint8Array | undefined;
  readObject: (name: string) => string | undefined;
  declared: ReadonlyMap<Principal, readonly string[]>;
  /** What anybody declared, agents included. */
  declarations: Declarations;
}

/** Every skill that comes with the package. A new one is written in core's `skills/` and named here. */
export function shippedSkills(parts: ShippedSkillParts): Skill[] {
  const { files, gzip, crypto, clock, hmacKey, registry, kernel, policy, settings, kinds, timeZone } = parts;
  const { objectBytes, readObject, declared, declarations } = parts;
  const extractor = async () => (await import("@mh/core/memory/extract/extract.ts")).loadExtractor();
  const readWhen = async () => (await import("@mh/core/memory/extract/when.ts")).loadWhen();
  const written = { files, crypto, hmacKey, objectBytes, kinds };
  const memory = { ...written, codec: plainLines, clock, timeZone, extractor };
  const history = { ...memory, readObject: objectBytes };
  const tasks = { ...written, timeZone, readWhen, clock };
  const config = { kinds, state: () => settings.state(), changed: () => settings.reset() };
  const approvals = {
    ...{ crypto, readObject },
    port: kernel.approvals,
    describe: (name: string) => registry.find(name)?.contract,
  };
  const decisions = { check: kernel.check.bind(kernel), readObject };
  const standing = {
    policy: () => policy.current(),
    isStopped: () => kernel.isStopped,
    principals: () => declared.keys(),
  };
  const checkRow = (record: string, sum: string) => {
    if (checkOf(crypto, record) !== sum) throw new Fault("index.damaged", "The index does not match what was written.");
  };
  return [
    captureSkill(memory),
    importSkill(memory),
    editSkill(memory),
    forgetSkill(memory),
    searchSkill({ extractor, timeZone, checkRow }),
    askSkill({ extractor, timeZone, checkRow }),
    listSkill(),
    showSkill(),
    peopleSkill(),
    listApprovalsSkill(),
    showApprovalSkill(approvals),
    approveSkill(approvals),
    denyApprovalSkill(),
    giveGrantSkill({ crypto, registry }),
    revokeGrantSkill(),
    grantPlanSkill({ crypto, registry }),
    proposePlanSkill({ crypto, registry }),
    listGrantsSkill(),
    setTrustSkill(),
    listTrustSkill(() => declared.keys()),
    stopSkill({ files }),
    resumeSkill({ lift: () => files.remove(stopPath) }),
    listPolicySkill({ state: () => policy.state() }),
    draftPolicySkill({ registry, crypto, state: () => policy.state() }),
    writePolicySkill({ folder: policyFolder, changed: () => policy.reload() }),
    matrixSkill({ ...{ registry, declared: declarations }, ...standing }),
    adoptPolicySkill({
      state: () => policy.state(),
      hashOf: (rules) => policyHash(crypto, rules),
      changed: () => policy.reset(),
    }),
    makeDecisionSkill(decisions),
    listDecisionsSkill(decisions),
    explainDecisionSkill(decisions),
    answerDecisionSkill(decisions),
    addFactSkill(memory),
    relateSkill(memory),
    reviewFactSkill(memory),
    showRelationshipsSkill(),
    timelineSkill(),
    statsSkill(),
    learnSkill(written),
    preferSkill(written),
    proposeSkill(),
    consolidateSkill(memory),
    addTaskSkill(tasks),
    editTaskSkill(tasks),
    ...taskStatusSkills(tasks),
    listTasksSkill({ timeZone }),
    showTaskSkill({ timeZone }),
    undoSkill(history),
    redoSkill(history),
    historySkill({ ...history, titleOf: (name) => registry.find(name)?.contract.title }),
    createSnapshotSkill(memory),
    listSnapshotsSkill({ files }),
    restoreSnapshotSkill(memory),
    listDamageSkill(),
    restoreDamageSkill(memory),
    acceptDamageSkill(memory),
    showPersonaSkill(),
    updatePersonaSkill(written),
    showConfigSkill(config),
    setConfigSkill(config),
    writeConfigSkill(config),
    adoptConfigSkill(config),
    writeFileSkill(written),
    readFileSkill({ files }),
    removeFileSkill(written),
    addDeviceSkill({ crypto }),
    listDevicesSkill(),
    revokeDeviceSkill(),
    subscribeDeviceSkill(),
    unsubscribeDeviceSkill(),
    checkpointSkill(),
    archiveSkill({ files, gzip, crypto }),
    discardObjectsSkill({ files, tables: tableSets }),
  ];
}
