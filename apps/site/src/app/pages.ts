/** Every page of the site, in the order of the side bar. */
export const pages = [
  { name: "dashboard", path: "/" },
  { name: "chat", path: "/chat" },
  { name: "approvals", path: "/approvals" },
  { name: "tasks", path: "/tasks" },
  { name: "memory", path: "/memory" },
  { name: "persona", path: "/persona" },
  { name: "agents", path: "/agents" },
  { name: "audit", path: "/audit" },
  { name: "policy", path: "/policy" },
  { name: "settings", path: "/settings" },
  { name: "welcome", path: "/welcome" },
] as const;

export type PageName = (typeof pages)[number]["name"];

export const pathOf = (name: PageName): string => pages.find((page) => page.name === name)?.path ?? "/";
export const pageAt = (path: string): PageName | undefined =>
  pages.find((page) => page.path === (path.replace(/\/+$/, "") || "/"))?.name;
