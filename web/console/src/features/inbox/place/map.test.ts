import { describe, expect, it } from "vitest";
import { cities } from "./cities";
import { cut, kmBetween, labelsOf, landPath, nearest, ringOf, scaleOf, viewOf } from "./map";

const shanghai = { latitude: 31.23, longitude: 121.47 };

describe("the small map", () => {
  it("has its middle in the middle and north above", () => {
    const view = viewOf(shanghai, 280, 160, 700);
    expect(view.project(shanghai.longitude, shanghai.latitude)).toEqual([140, 80]);
    const [x, y] = view.project(120.16, 30.27);
    // Hangzhou is about 125 km west and 107 km south of Shanghai.
    expect((140 - x) / view.perKm).toBeCloseTo(125, -1);
    expect((y - 80) / view.perKm).toBeCloseTo(107, -1);
  });
  it("knows how far it is", () => {
    expect(kmBetween(shanghai, { latitude: 39.9, longitude: 116.41 })).toBeCloseTo(1068, -1);
    expect(nearest({ latitude: 31.2397, longitude: 121.4998 }, cities)?.city.en).toBe("Shanghai");
    // Over the seam of the world.
    expect(kmBetween({ latitude: 0, longitude: 179.9 }, { latitude: 0, longitude: -179.9 })).toBeLessThan(23);
  });
  it("has a scale of round kilometres", () => {
    expect(scaleOf(280 / 700, 80)).toEqual({ km: 200, pixels: 80 });
    expect(scaleOf(280 / 250, 80).km).toBe(50);
    expect(scaleOf(280 / 3600, 80).km).toBe(1000);
  });
  it("cuts what is not on the sheet", () => {
    const square: [number, number][] = [
      [-500, -500],
      [500, -500],
      [500, 500],
      [-500, 500],
    ];
    const kept = cut(square, 100, 60);
    expect(kept).toHaveLength(4);
    expect(Math.max(...kept.map(([x]) => x))).toBe(108);
    expect(
      cut(
        square.map(([x, y]) => [x + 2000, y]),
        100,
        60,
      ),
    ).toEqual([]);
  });
  it("draws land on both sides of the seam", () => {
    const island = ringOf([
      [179, -1],
      [180, -1],
      [180, 1],
      [179, 1],
    ]);
    expect(landPath([island], viewOf({ latitude: 0, longitude: -179.5 }, 280, 160, 700))).not.toBe("");
    expect(landPath([island], viewOf({ latitude: 40, longitude: 0 }, 280, 160, 700))).toBe("");
  });
  it("writes no name over another", () => {
    const view = viewOf({ latitude: 23, longitude: 113.5 }, 280, 160, 300);
    const shown = labelsOf(cities, view, () => 40);
    expect(shown[0]?.city.en).toBe("Guangzhou");
    expect(shown.length).toBeLessThan(
      cities.filter((city) => kmBetween(city, { latitude: 23, longitude: 113.5 }) < 150).length,
    );
  });
});
