/** The arithmetic of the small map: Mercator around a point, coasts cut to the sheet, distances, the scale. */
import type { City } from "./cities";

export interface Point {
  latitude: number;
  longitude: number;
}
type Pair = [x: number, y: number];

const earthKm = 6371;
const radians = (degrees: number) => (degrees * Math.PI) / 180;
/** Mercator ends before the poles. */
const furthest = 85;
const northing = (latitude: number) => {
  const held = Math.max(-furthest, Math.min(furthest, latitude));
  return Math.log(Math.tan(Math.PI / 4 + radians(held) / 2));
};

export interface View {
  width: number;
  height: number;
  /** So many pixels are a kilometre, in the middle. */
  perKm: number;
  project: (longitude: number, latitude: number) => Pair;
}

/** A sheet with `middle` in its middle that is so many kilometres wide. */
export function viewOf(middle: Point, width: number, height: number, km: number): View {
  const perKm = width / km;
  const perRadian =
    perKm * earthKm * Math.cos(radians(Math.max(-furthest, Math.min(furthest, middle.latitude))));
  const base = northing(middle.latitude);
  return {
    width,
    height,
    perKm,
    project: (longitude, latitude) => [
      width / 2 + radians(longitude - middle.longitude) * perRadian,
      height / 2 - (northing(latitude) - base) * perRadian,
    ],
  };
}

/** Kilometres between two points, as the crow flies. */
export function kmBetween(a: Point, b: Point): number {
  const up = Math.sin(radians(b.latitude - a.latitude) / 2) ** 2;
  const along = Math.sin(radians(b.longitude - a.longitude) / 2) ** 2;
  const both = up + Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * along;
  return 2 * earthKm * Math.asin(Math.min(1, Math.sqrt(both)));
}

export function nearest(point: Point, all: City[]): { city: City; km: number } | null {
  let best: { city: City; km: number } | null = null;
  for (const city of all) {
    const km = kmBetween(point, city);
    if (!best || km < best.km) best = { city, km };
  }
  return best;
}

/** The longest of 1, 2, 5, 10, … kilometres that is at most so many pixels. */
export function scaleOf(perKm: number, most: number): { km: number; pixels: number } {
  let km = 10 ** Math.floor(Math.log10(most / perKm));
  for (const step of [5, 2]) {
    if (km * step * perKm <= most) {
      km *= step;
      break;
    }
  }
  return { km, pixels: km * perKm };
}

/** A closed line of a coast with what it spans: west, south, east, north. */
export interface Ring {
  points: [longitude: number, latitude: number][];
  box: [number, number, number, number];
}

export function ringOf(points: Ring["points"]): Ring {
  const box: Ring["box"] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  }
  return { points, box };
}

/** Beyond the sheet, so that the edges of what was cut are not seen. */
const margin = 8;

/** What of the ring is on the sheet: one side of it after the other is cut off. */
export function cut(points: Pair[], width: number, height: number): Pair[] {
  const sides: [axis: 0 | 1, at: number, keep: 1 | -1][] = [
    [0, -margin, 1],
    [0, width + margin, -1],
    [1, -margin, 1],
    [1, height + margin, -1],
  ];
  let left = points;
  for (const [axis, at, keep] of sides) {
    const inside = (point: Pair) => (point[axis] - at) * keep >= 0;
    const next: Pair[] = [];
    left.forEach((point, index) => {
      const before = left[(index + left.length - 1) % left.length] ?? point;
      if (inside(point) !== inside(before)) {
        const part = (at - before[axis]) / (point[axis] - before[axis]);
        next.push([before[0] + part * (point[0] - before[0]), before[1] + part * (point[1] - before[1])]);
      }
      if (inside(point)) next.push(point);
    });
    left = next;
  }
  return left;
}

/** Nearer than that to the one before, a point is not seen. */
const seen = 0.6;

/** The land on the sheet as one SVG path; the holes in it are seas. */
export function landPath(rings: Ring[], view: View): string {
  const parts: string[] = [];
  for (const ring of rings) {
    // The world goes round: a sheet at its seam sees both ends.
    for (const turn of [-360, 0, 360]) {
      const [west, south, east, north] = ring.box;
      const [x0, y1] = view.project(west + turn, south);
      const [x1, y0] = view.project(east + turn, north);
      if (x1 < -margin || x0 > view.width + margin || y1 < -margin || y0 > view.height + margin) continue;
      const drawn: Pair[] = [];
      for (const [longitude, latitude] of ring.points) {
        const point = view.project(longitude + turn, latitude);
        const last = drawn[drawn.length - 1];
        if (last && Math.abs(last[0] - point[0]) < seen && Math.abs(last[1] - point[1]) < seen) continue;
        drawn.push(point);
      }
      const kept = cut(drawn, view.width, view.height);
      if (kept.length > 2)
        parts.push(`M${kept.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}Z`);
    }
  }
  return parts.join("");
}

export interface Label {
  city: City;
  x: number;
  y: number;
  /** On the left of its dot, where the right has no room. */
  left: boolean;
}

/** Of the sheet, in pixels. */
export type Box = [left: number, top: number, right: number, bottom: number];

/** Names that have room on the sheet: the first ones first, none over another, none under the pin or what is `above`. */
export function labelsOf(all: City[], view: View, wide: (city: City) => number, above: Box[] = []): Label[] {
  const middle: Box = [view.width / 2 - 10, view.height / 2 - 25, view.width / 2 + 10, view.height / 2 + 2];
  const taken: Box[] = [middle, ...above];
  const labels: Label[] = [];
  for (const city of all) {
    for (const turn of [-360, 0, 360]) {
      const [x, y] = view.project(city.longitude + turn, city.latitude);
      if (x < 4 || y < 8 || x > view.width - 4 || y > view.height - 18) continue;
      const across = wide(city) + 6;
      for (const left of [false, true]) {
        const box: Box = left ? [x - across, y - 7, x + 3, y + 7] : [x - 3, y - 7, x + across, y + 7];
        if (box[0] < 0 || box[2] > view.width) continue;
        if (taken.some((one) => box[0] < one[2] && box[2] > one[0] && box[1] < one[3] && box[3] > one[1]))
          continue;
        taken.push(box);
        labels.push({ city, x, y, left });
        break;
      }
    }
  }
  return labels;
}
