/** The coasts of the world, from Natural Earth (in the public domain), and nothing else: no borders are drawn. */
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import landUrl from "world-atlas/land-50m.json?url";
import { type Ring, ringOf } from "./map";

let land: Promise<Ring[]> | null = null;

/** Fetched from our own host once a page is open; again, if that failed. */
export function landRings(): Promise<Ring[]> {
  land ??= fetchLand().catch((error) => {
    land = null;
    throw error;
  });
  return land;
}

async function fetchLand(): Promise<Ring[]> {
  const answer = await fetch(landUrl);
  if (!answer.ok) throw new Error(`the coasts: ${answer.status}`);
  const topology = (await answer.json()) as Topology<{ land: GeometryCollection }>;
  return feature(topology, topology.objects.land).features.flatMap(({ geometry }) => {
    const polygons =
      geometry.type === "MultiPolygon"
        ? geometry.coordinates
        : geometry.type === "Polygon"
          ? [geometry.coordinates]
          : [];
    return polygons.flat().map((points) => ringOf(points as Ring["points"]));
  });
}
