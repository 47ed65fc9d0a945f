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
      skills: [showConfigSkill(config), setConfigSkill(config), writeConfigSkill(config), adoptConfigSkill(config)],
    };
  },
});
