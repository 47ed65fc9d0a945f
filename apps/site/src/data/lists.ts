import type { ValueFor } from "@mh/contract/contracts.ts";
import { home } from "./home.svelte.ts";
import { wholesale } from "./named.ts";
import { Rows, unlessGone } from "./rows.svelte.ts";

export { type TaskRow, tasks } from "./tasks.svelte.ts";
export type ApprovalRow = ValueFor<"approval.list">["approvals"][number];
export type AgentRow = ValueFor<"agent.list">["agents"][number];
/** How a run stands, by the name of its word and shape: one that is parked waits for the owner. */
export const runState = (status: NonNullable<AgentRow["last"]>["status"]) => (status === "parked" ? "waiting" : status);
export type DeviceRow = ValueFor<"device.list">["devices"][number];
export type ChatRow = ValueFor<"chat.list">["chats"][number];

/** Older answers stand in the log. */
const answeredMax = 50;

export const approvals = new Rows<ApprovalRow>({
  subject: "approval",
  idOf: ({ id }) => id,
  compare: (a, b) => a.expires_ms - b.expires_ms || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  list: async () => (await home.get("approval.list", { all: true, answeredMax })).approvals,
  show: async (id) => (await unlessGone(home.get("approval.show", { id })))?.approval,
});

export const agents = new Rows<AgentRow>({
  subject: "agent",
  idOf: ({ name }) => name,
  compare: (a, b) => a.name.localeCompare(b.name),
  list: async () => (await home.get("agent.list", {})).agents,
  show: async (name) => (await unlessGone(home.get("agent.show", { name })))?.agent,
  reloadsOn: wholesale,
});

export const devices = new Rows<DeviceRow>({
  subject: "device",
  idOf: ({ id }) => id,
  list: async () => (await home.get("device.list", {})).devices,
  show: async (id) => (await home.get("device.list", {})).devices.find((each) => each.id === id),
});

export const chats = new Rows<ChatRow>({
  subject: "chat",
  idOf: ({ id }) => id,
  compare: (a, b) =>
    Number(b.isPinned) - Number(a.isPinned) || (a.lastAt < b.lastAt ? 1 : a.lastAt > b.lastAt ? -1 : 0),
  list: async () => (await home.get("chat.list", {})).chats,
  show: async (id) => (await home.get("chat.list", {})).chats.find((each) => each.id === id),
});
