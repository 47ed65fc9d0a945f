import type { Page } from "playwright-core";

interface AxNode {
  nodeId: string;
  ignored: boolean;
  role?: { value: string };
  name?: { value: string };
  description?: { value: string };
  properties?: { name: string; value: { value: unknown } }[];
  childIds?: string[];
  backendDOMNodeId?: number;
}

/** Read by what stands in them, or heard as a landmark only. */
const silent = new Set([
  ...["generic", "none", "StaticText", "InlineTextBox", "LineBreak", "paragraph", "ListMarker", "definition"],
  ...["LabelText", "emphasis", "strong", "Pre", "code", "Figure", "listitem", "article", "blockquote"],
]);
/** Said where they have a name. */
const unlessNamed = new Set(["DescriptionList", "group", "list"]);
const states = ["checked", "disabled", "expanded", "pressed", "invalid", "required"];

/**
 * What a screen reader says of an element as it goes through it, a line for each thing: its role, its name and how it stands, from
 * the browser's own accessibility tree.
 */
export async function readAloud(page: Page, selector: string): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  try {
    const { nodes } = (await session.send("Accessibility.getFullAXTree")) as unknown as { nodes: AxNode[] };
    const { root } = await session.send("DOM.getDocument", { depth: 0 });
    const { nodeId } = await session.send("DOM.querySelector", { nodeId: root.nodeId, selector });
    const { node } = await session.send("DOM.describeNode", { nodeId });
    const byId = new Map(nodes.map((each) => [each.nodeId, each]));
    const top = nodes.find(({ backendDOMNodeId }) => backendDOMNodeId === node.backendNodeId);
    if (!top) throw new Error(`${selector} is not in the accessibility tree.`);
    return linesOf(top, byId);
  } finally {
    await session.detach();
  }
}

function linesOf(top: AxNode, byId: ReadonlyMap<string, AxNode>): string[] {
  const lines: string[] = [];
  let text = "";
  const flush = () => {
    const said = text
      .replaceAll(/\s+/g, " ")
      .replaceAll(/ (?=[.,:;?!])/g, "")
      .trim();
    if (said) lines.push(said);
    text = "";
  };
  const walk = (node: AxNode) => {
    const role = node.role?.value ?? "none";
    const name = node.name?.value ?? "";
    if (!node.ignored && role === "StaticText") {
      text += ` ${name}`;
      return;
    }
    const isSilent = node.ignored || silent.has(role) || (unlessNamed.has(role) && name === "");
    const isInline = node.ignored || ["generic", "none", "strong", "emphasis", "code", "LabelText"].includes(role);
    if (!isInline) flush();
    if (!isSilent) lines.push(spoken(node));
    // What has a name of its own is not read twice.
    if (!isSilent && readsItself.has(role)) return;
    for (const id of node.childIds ?? []) {
      const child = byId.get(id);
      if (child) walk(child);
    }
    if (!isInline) flush();
  };
  walk(top);
  flush();
  return lines;
}

const readsItself = new Set([
  "term",
  "heading",
  "button",
  "checkbox",
  "link",
  "image",
  "DisclosureTriangle",
  "textbox",
  "combobox",
]);

function spoken({ role, name, description, properties = [] }: AxNode): string {
  const how = properties
    .filter((each) => states.includes(each.name) && each.value.value !== undefined)
    .map(({ name: state, value: { value } }) => (value === true || value === "true" ? state : `not ${state}`))
    .filter((each) => !/^not (disabled|invalid|required)$/.test(each));
  return [role?.value, name?.value && `“${name.value}”`, ...how, description?.value].filter(Boolean).join(", ");
}
