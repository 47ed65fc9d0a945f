interface Node {
  id: string;
  kind: string;
  label: string;
}
interface Place {
  x: number;
  y: number;
}
/** The words beside a node. */
export interface MapLabel extends Place {
  id: string;
  words: string;
  anchor: "start" | "end";
}
interface Box {
  left: number;
  right: number;
  y: number;
}

const labelsMax = 10;
const charsMax = 24;
const charWidth = 5.2;
const lineHeight = 15;
const besideNode = 9;

/** Names the memories nearest to the middle, each away from it, as far as there is room: none lies over another or a node. */
export function labelsOf(nodes: readonly Node[], places: ReadonlyMap<string, Place>, width: number): MapLabel[] {
  const [middle] = nodes;
  const centre = places.get(middle?.id ?? "");
  if (!centre) return [];
  const at = ({ id }: Node): Place => places.get(id) ?? centre;
  const taken: Box[] = nodes.map((node) => ({ left: at(node).x - 6, right: at(node).x + 6, y: at(node).y }));
  const labels: MapLabel[] = [];
  const far = ({ x, y }: Place) => Math.hypot(x - centre.x, y - centre.y);
  const memories = nodes.filter(({ kind }) => kind === "memory").toSorted((a, b) => far(at(a)) - far(at(b)));
  for (const node of memories) {
    if (labels.length === labelsMax) break;
    const { x, y } = at(node);
    const side = x < centre.x ? -1 : 1;
    const words = cut(node.label);
    const near = x + side * besideNode;
    const end = near + side * words.length * charWidth;
    const box = { left: Math.min(near, end), right: Math.max(near, end), y };
    if (box.left < 0 || box.right > width || taken.some((each) => meets(each, box))) continue;
    taken.push(box);
    labels.push({ id: node.id, words, x: near, y: y + 4, anchor: side === 1 ? "start" : "end" });
  }
  return labels;
}

const meets = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && Math.abs(a.y - b.y) < lineHeight;

function cut(label: string): string {
  const [line = ""] = label.split("\n");
  return line.length > charsMax ? `${line.slice(0, charsMax - 1).trimEnd()}…` : line;
}
