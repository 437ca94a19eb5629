/** How variants are tried: who gets one, who gets nothing, who gets the winner, and what decides. */
import { InputNumber, Segmented } from "antd";
import { useTranslation } from "react-i18next";
import type { BroadcastBody, BroadcastTest } from "@/api/types";
import { canCountReads, letterOf, restOf } from "./shape";
import { useTestWords } from "./words";

export function TestFields({
  body,
  test,
  onChange,
  disabled,
}: {
  body: BroadcastBody;
  test: BroadcastTest;
  onChange: (test: BroadcastTest) => void;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  const says = useTestWords();
  const rest = restOf(body);
  const readable = canCountReads(body.contents);
  const set = (part: Partial<BroadcastTest>) => onChange({ ...test, ...part });
  const number = (
    key: "share" | "hold_out" | "hours",
    label: string,
    least: number,
    largest: number,
    after: string,
  ) => (
    <label className="bc-number" htmlFor={`test-${key}`}>
      <span>{label}</span>
      <InputNumber
        id={`test-${key}`}
        size="small"
        min={least}
        max={largest}
        precision={0}
        disabled={disabled}
        value={test[key]}
        suffix={after}
        onChange={(value) => set({ [key]: value ?? least })}
      />
    </label>
  );
  return (
    <div className="stack-tight">
      <p className="field-more">{t("broadcasts.test_more")}</p>
      <div className="bc-numbers">
        {number("share", t("broadcasts.test_share"), 1, 50, "%")}
        {number("hold_out", t("broadcasts.test_hold_out"), 0, 50, "%")}
        {number("hours", t("broadcasts.test_hours"), 1, 168, t("broadcasts.hours"))}
        <div className="bc-number">
          <span>{t("broadcasts.test_by")}</span>
          <Segmented
            size="small"
            disabled={disabled}
            value={test.by}
            aria-label={t("broadcasts.test_by")}
            onChange={(by: BroadcastTest["by"]) => set({ by })}
            options={(["replies", "reads"] as const).map((value) => ({
              value,
              label: t(`broadcasts.test_bys.${value}`),
              disabled: value === "reads" && !readable,
              title: value === "reads" ? t("broadcasts.reads_of_articles") : undefined,
            }))}
          />
        </div>
      </div>
      <div className="stackbar stackbar-tall" aria-hidden="true">
        {body.contents.map((_, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a variant is its place
          <span key={n} className={`try-${n}`} style={{ width: `${test.share}%` }}>
            {test.share >= 6 ? letterOf(n) : ""}
          </span>
        ))}
        {rest > 0 ? (
          <span className="try-rest" style={{ width: `${rest}%` }}>
            {rest >= 16 ? t("broadcasts.test_rest") : ""}
          </span>
        ) : null}
        {test.hold_out > 0 ? <span className="try-none" style={{ width: `${test.hold_out}%` }} /> : null}
      </div>
      <p className={rest < 0 ? "field-more over" : "field-more"}>
        {rest < 0 ? t("broadcasts.gaps.shares") : says(body)}
      </p>
    </div>
  );
}
