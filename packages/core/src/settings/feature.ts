import type { Waiting } from "@mh/contract/adoption.ts";
import type { PendingSetting } from "@mh/contract/settings.ts";
import { defineFeature, type FeatureParts } from "../feature.ts";
import { adoptConfigSkill, type SettingsState, setConfigSkill, showConfigSkill, writeConfigSkill } from "./config.ts";
import { settingsDocument } from "./settings-document.ts";

/** `config.yaml`, as the wiring reads it. */
export interface SettingsFilePort {
  state: () => SettingsState;
  reset: () => void;
}

/** The settings: shown, changed, adopted. */
export const settingsFeature = defineFeature<FeatureParts & { settings: SettingsFilePort }>({
  name: "settings",
  documents: (parts) => [settingsDocument(parts)],
  install({ kinds, form, settings }) {
    const config = { kinds, form, state: settings.state, changed: settings.reset };
    return {
      waits: [() => settings.state().pending.map(waitingSetting)],
      skills: [showConfigSkill(config), setConfigSkill(config), writeConfigSkill(config), adoptConfigSkill(config)],
    };
  },
});

const waitingSetting = ({ name, inForce, wanted }: PendingSetting): Waiting => ({
  ...{ kind: "setting", name, state: "changed", command: "mh review --adopt" },
  wider: [`${JSON.stringify(inForce ?? null)} becomes ${JSON.stringify(wanted ?? null)}`],
});
