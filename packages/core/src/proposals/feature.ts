import { defineFeature } from "../feature.ts";
import { checkByCommand } from "../memory/hand-written.ts";
import { acceptSkill, dismissSkill } from "./answer.ts";
import { listProposalsSkill } from "./list.ts";
import { makeProposalSkill } from "./make.ts";

/** The review list: what agents propose and only the owner answers. */
export const proposalsFeature = defineFeature({
  name: "proposals",
  install: (parts) => ({
    skills: [
      makeProposalSkill(parts),
      listProposalsSkill(checkByCommand(parts)),
      acceptSkill(parts),
      dismissSkill(parts),
    ],
  }),
});
