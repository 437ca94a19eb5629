/** A small map of coasts, drawn here: no foreign host is asked where somebody is. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { usePrefs } from "@/lib/prefs";
import { count } from "@/lib/text";
import { cities } from "./cities";
import { landRings } from "./land";
import { type Box, labelsOf, landPath, nearest, type Point, scaleOf, viewOf } from "./map";
import { Pin, sheet } from "./Sheet";

/** How many kilometres the sheet is wide. */
const zooms = { country: 3600, region: 700, near: 250 } as const;
type Zoom = keyof typeof zooms;
const names = Object.keys(zooms) as Zoom[];
/** Where the buttons are, over the sheet. */
const buttons: Box = [sheet.width - 165, 0, sheet.width, 36];

export default function PlaceMap({ at, label }: { at: Point; label: string }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const [zoom, setZoom] = useState<Zoom>("region");
  const land = useQuery({ queryKey: ["land"], queryFn: landRings, staleTime: Infinity, gcTime: Infinity });
  const view = viewOf(at, sheet.width, sheet.height, zooms[zoom]);
  const zh = language === "zh-CN";
  const nameOf = (city: (typeof cities)[number]) => (zh ? city.zh : city.en);
  const wide = (city: (typeof cities)[number]) => nameOf(city).length * (zh ? 10 : 5.6);
  const scale = scaleOf(view.perKm, 80);
  const foot: Box = [0, sheet.height - 24, scale.pixels + 64, sheet.height];
  const found = nearest(at, cities);
  const km = Math.round(found?.km ?? 0);
  const away = !found
    ? null
    : km < 1
      ? t("inbox.place.in", { city: nameOf(found.city) })
      : t("inbox.place.from", { n: count(km, language), city: nameOf(found.city) });
  return (
    <>
      <div className="place-frame">
        <svg
          viewBox={`0 0 ${sheet.width} ${sheet.height}`}
          className="place-sheet"
          role="img"
          aria-label={[label, away].filter(Boolean).join(" · ")}
          data-zoom={zoom}
          data-land={land.data ? "drawn" : undefined}
        >
          {land.data ? (
            <path className="place-land" d={landPath(land.data, view)} fillRule="evenodd" />
          ) : null}
          {labelsOf(cities, view, wide, [buttons, foot]).map(({ city, x, y, left }) => (
            <g key={`${city.en} ${x}`} className="place-city">
              <circle cx={x} cy={y} r="2" />
              <text x={left ? x - 5 : x + 5} y={y + 3.5} textAnchor={left ? "end" : "start"}>
                {nameOf(city)}
              </text>
            </g>
          ))}
          <Pin />
          <g className="place-scale" transform={`translate(8 ${sheet.height - 8})`}>
            <path d={`M0 -4V0H${scale.pixels.toFixed(1)}V-4`} />
            <text x={scale.pixels + 5} y="0">
              {t("inbox.place.km", { n: count(scale.km, language) })}
            </text>
          </g>
        </svg>
        <fieldset className="place-zoom" aria-label={t("inbox.place.zoom")}>
          {names.map((name) => (
            <button key={name} type="button" aria-pressed={name === zoom} onClick={() => setZoom(name)}>
              {t(`inbox.place.zooms.${name}`)}
            </button>
          ))}
        </fieldset>
      </div>
      {land.error ? <small className="place-away">{t("inbox.place.no_coast")}</small> : null}
      {away ? <small className="place-away">{away}</small> : null}
    </>
  );
}
