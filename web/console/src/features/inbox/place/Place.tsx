/** Where somebody is: on a small map, by the next large city, in degrees. The map comes when the first place is seen. */
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "@/ui/icons";
import { Sheet } from "./Sheet";
import "./place.css";

const PlaceMap = lazy(() => import("./PlaceMap"));

const degrees = (value: number, plus: string, minus: string) =>
  `${Math.abs(value).toFixed(4)}° ${value < 0 ? minus : plus}`;

export function Place({
  latitude,
  longitude,
  label,
}: {
  latitude: number;
  longitude: number;
  label: string;
}) {
  const { t } = useTranslation();
  return (
    <div className="place">
      <Suspense
        fallback={
          <>
            <Sheet />
            <small className="place-away">&nbsp;</small>
          </>
        }
      >
        <PlaceMap at={{ latitude, longitude }} label={label || t("messages.location")} />
      </Suspense>
      <span className="place-words">
        <strong>
          <Icon name="location" size={14} /> {label || t("messages.location")}
        </strong>
        <small>
          {degrees(latitude, "N", "S")}, {degrees(longitude, "E", "W")}
        </small>
      </span>
    </div>
  );
}
