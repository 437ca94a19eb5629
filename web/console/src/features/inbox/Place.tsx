/** A place on a sheet of squares, drawn here: no map of a foreign host is asked where somebody is. */
import { useTranslation } from "react-i18next";
import { Icon } from "@/ui/icons";

const width = 240;
const height = 120;
/** Degrees from one line to the next: about a kilometre. */
const step = 0.01;
const square = 40;

const degrees = (value: number, plus: string, minus: string) =>
  `${Math.abs(value).toFixed(4)}° ${value < 0 ? minus : plus}`;

/** Where the lines of a degree grid cross the sheet, whose middle is `middle`. */
function lines(middle: number, size: number, turned: boolean) {
  const found: { at: number; value: number }[] = [];
  const reach = Math.ceil(size / 2 / square) + 1;
  const base = Math.round(middle / step);
  for (let n = base - reach; n <= base + reach; n++) {
    const away = ((n * step - middle) / step) * square;
    const at = size / 2 + (turned ? -away : away);
    if (at > 0 && at < size) found.push({ at, value: n * step });
  }
  return found;
}

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
  const point = `${latitude}, ${longitude}`;
  return (
    <span className="place">
      <svg viewBox={`0 0 ${width} ${height}`} className="place-sheet" role="img" aria-label={label || point}>
        {lines(longitude, width, false).map(({ at, value }) => (
          <g key={`x${value}`}>
            <path d={`M${at} 0V${height}`} />
            <text x={at + 3} y={height - 4}>
              {value.toFixed(2)}
            </text>
          </g>
        ))}
        {lines(latitude, height, true).map(({ at, value }) => (
          <g key={`y${value}`}>
            <path d={`M0 ${at}H${width}`} />
            <text x={3} y={at - 3}>
              {value.toFixed(2)}
            </text>
          </g>
        ))}
        <g className="place-pin" transform={`translate(${width / 2 - 14} ${height / 2 - 27}) scale(1.17)`}>
          <path d="M12 21c4.5-4.5 7-8 7-11a7 7 0 1 0-14 0c0 3 2.5 6.5 7 11z" />
          <circle cx="12" cy="10" r="2.5" />
        </g>
      </svg>
      <span className="place-words">
        <strong>
          <Icon name="location" size={14} /> {label || t("messages.location")}
        </strong>
        <small>
          {degrees(latitude, "N", "S")}, {degrees(longitude, "E", "W")}
        </small>
      </span>
    </span>
  );
}
