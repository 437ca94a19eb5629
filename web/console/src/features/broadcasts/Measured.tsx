/** How the variants did beside each other and beside those who got nothing: a dot for the share, a whisker for how sure it is. */
import { useTranslation } from "react-i18next";
import type { Broadcast, Estimate } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { count } from "@/lib/text";
import { axisOf, percent, points } from "./axis";
import { letterOf } from "./shape";
import "./measured.css";

interface Group {
  key: string;
  letter: string | null;
  fans: number;
  did: number;
  share: Estimate;
}

export function Measured({ broadcast }: { broadcast: Broadcast }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const { test, variants, held_out } = broadcast;
  if (!test || !variants) return null;
  const groups: Group[] = variants.flatMap((one, n) =>
    one.share
      ? [
          {
            key: letterOf(n),
            letter: letterOf(n),
            fans: one.fans,
            did: one[test.by] ?? 0,
            share: one.share,
          },
        ]
      : [],
  );
  if (groups.length === 0) return null;
  if (held_out?.share)
    groups.push({
      key: "held_out",
      letter: null,
      fans: held_out.fans,
      did: held_out.replies,
      share: held_out.share,
    });
  const axis = axisOf(Math.max(...groups.map((one) => one.share.high)));
  const at = (share: number) => `${(100 * Math.min(share, axis.end)) / axis.end}%`;
  return (
    <figure className="measured" data-testid="measured">
      <figcaption className="measured-title">{t(`broadcasts.measured.title.${test.by}`)}</figcaption>
      <ul>
        {groups.map((one, n) => (
          <li key={one.key} className="measured-row" data-group={one.key}>
            <span className="measured-name">
              {one.letter ? (
                <b className={`bc-letter try-${n}`}>{one.letter}</b>
              ) : (
                <span>{t("broadcasts.measured.group")}</span>
              )}
            </span>
            <span className="measured-track" aria-hidden="true">
              {axis.ticks.map((tick) => (
                <i key={tick} className="measured-tick" style={{ left: at(tick) }} />
              ))}
              <i
                className={one.letter ? `measured-whisker of-${n}` : "measured-whisker"}
                style={{ left: at(one.share.low), right: `calc(100% - ${at(one.share.high)})` }}
              />
              <i
                className={one.letter ? `measured-dot of-${n}` : "measured-dot"}
                style={{ left: at(one.share.value) }}
              />
            </span>
            <span className="measured-words">
              <strong className="num">{percent(one.share.value, language)}</strong>
              <small className="soft num">
                {t("broadcasts.measured.between", {
                  low: percent(one.share.low, language),
                  high: percent(one.share.high, language),
                })}
              </small>
              <small className="soft num">
                {t("broadcasts.measured.of", {
                  did: count(one.did, language),
                  fans: count(one.fans, language),
                })}
              </small>
            </span>
          </li>
        ))}
        <li className="measured-row measured-axis" aria-hidden="true">
          <span />
          <span className="measured-track">
            {axis.ticks.map((tick) => (
              <small key={tick} className="soft num" style={{ left: at(tick) }}>
                {percent(tick, language)}
              </small>
            ))}
          </span>
          <span />
        </li>
      </ul>
      <ul className="measured-differences">
        {variants.map((one, n) =>
          one.difference ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: a variant is its place
            <li key={n} data-difference={letterOf(n)} data-clear={one.difference.clear}>
              <span className={one.difference.clear ? "measured-clear" : "measured-unclear"}>
                {one.difference.clear
                  ? t(one.difference.value > 0 ? "broadcasts.measured.more" : "broadcasts.measured.less", {
                      letter: letterOf(n),
                      other: held_out ? t("broadcasts.measured.held_out") : letterOf(0),
                      points: points(Math.abs(one.difference.value), language),
                    })
                  : t("broadcasts.measured.unclear", {
                      letter: letterOf(n),
                      other: held_out ? t("broadcasts.measured.held_out") : letterOf(0),
                    })}
              </span>{" "}
              <small className="soft num">
                {t("broadcasts.measured.points_between", {
                  low: points(one.difference.low, language, true),
                  high: points(one.difference.high, language, true),
                })}
              </small>
            </li>
          ) : null,
        )}
      </ul>
      <p className="field-more">
        {test.by === "reads"
          ? t("broadcasts.measured.how.reads")
          : t("broadcasts.measured.how.replies", { count: test.hours })}
        {test.by === "reads" && test.hold_out > 0 ? ` ${t("broadcasts.measured.no_reads_held_out")}` : null}
      </p>
    </figure>
  );
}
