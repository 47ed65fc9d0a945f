/** The groups of the settings, each a part of the page with an address of its own. */
export const settingsParts = ["general", "grants", "models", "mcp", "channels", "devices", "copies"] as const;
