import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type SimulationNodeDatum,
} from "d3-force";

interface Point extends SimulationNodeDatum {
  id: string;
  radius: number;
}

const ticks = 300;
/** So many between two turns of the page: a map never holds up a key or a click. */
const ticksEach = 15;

/**
 * Where each node of a map lies, once all is settled; the same for the same map, because d3-force draws its chance from a
 * fixed seed. Nothing is shown on the way, so that nothing moves.
 */
export async function settled(
  nodes: readonly { id: string; radius: number }[],
  edges: readonly { from: string; to: string }[],
  { width, height }: { width: number; height: number },
): Promise<Map<string, { x: number; y: number }>> {
  const points: Point[] = nodes.map(({ id, radius }) => ({ id, radius }));
  const [middle] = points;
  if (middle) Object.assign(middle, { fx: 0, fy: 0 });
  const links = edges.map(({ from, to }) => ({ source: from, target: to }));
  const simulation = forceSimulation(points)
    .force(
      "links",
      forceLink<Point, { source: string; target: string }>(links)
        .id(({ id }) => id)
        .distance(70)
        .strength(0.5),
    )
    .force("apart", forceManyBody<Point>().strength(-160).distanceMax(360))
    .force(
      "room",
      forceCollide<Point>(({ radius }) => radius + 10),
    )
    .force("x", forceX<Point>(0).strength(0.04))
    .force("y", forceY<Point>(0).strength((0.04 * width) / height))
    .stop();
  for (let done = 0; done < ticks; done += ticksEach) {
    simulation.tick(ticksEach);
    await new Promise((resolve) => setTimeout(resolve));
  }
  return fitted(points, width, height);
}

/** All within the picture, its proportions kept. */
function fitted(points: readonly Point[], width: number, height: number): Map<string, { x: number; y: number }> {
  const edge = 46;
  const reach = (of: "x" | "y") => Math.max(1, ...points.map((point) => Math.abs(point[of] ?? 0)));
  const scale = Math.min((width / 2 - edge) / reach("x"), (height / 2 - edge) / reach("y"), 1.6);
  return new Map(points.map(({ id, x = 0, y = 0 }) => [id, { x: width / 2 + x * scale, y: height / 2 + y * scale }]));
}
