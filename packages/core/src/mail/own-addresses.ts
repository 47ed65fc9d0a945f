import type { Config } from "../model/config.ts";
import { mailSettings } from "./settings.ts";

/** The owner's own addresses and accounts, as the settings write them: those that mail is read from, and what they list. */
export const ownAddresses = (config: Config): string[] => [
  ...mailSettings.of(config).accounts.map(({ address }) => address),
  ...config.self.addresses,
];
