import { useState } from "react";
import { post } from "../api/client";
import type { Component, ReleaseTest } from "../api/types";
import { useAct } from "../api/use-load";
import { linkTo } from "../route";
import { Icon } from "../ui/icons";
import { Button, Chip, Empty, ErrorBox, Select } from "../ui/kit";
import { useWords } from "../words";

/** WeChat's test before a platform may serve everybody: a silent authorisation, then messages from its test account. */
export function ReleaseTab({ component }: { component: Component }) {
  const { t } = useWords();
  const [set, setSet] = useState("");
  const [result, setResult] = useState<ReleaseTest | null>(null);
  const { act, busy, error, clear } = useAct();
  const ready = component.event_url && component.message_url_template;
  return (
    <>
      <div className="page-head">
        <h1>{t("control.release")}</h1>
      </div>
      <p className="lead">{t("release.text")}</p>
      <div className="inline">
        <Select
          aria-label={t("release.set")}
          value={set}
          onPick={setSet}
          options={[
            { value: "", label: t("release.anySet") },
            ...["1", "2", "3", "4", "5"].map((n) => ({ value: n, label: t("release.setNumber", { n }) })),
          ]}
        />
        <Button
          look="primary"
          icon="play"
          busy={busy}
          why={ready ? null : t("release.needUrls")}
          data-testid="control-release-test"
          onClick={() =>
            act(async () => {
              setResult(null);
              setResult(await post<ReleaseTest>("/release-test", set ? { set: Number(set) } : {}));
            })
          }
        >
          {busy ? t("release.running") : t("release.run")}
        </Button>
        {!ready && (
          <a className="rich-link" {...linkTo("/control?tab=platform")}>
            {t("release.toPlatform")}
          </a>
        )}
      </div>
      <ErrorBox error={error} onClose={clear} />
      {!result && !busy && !error && <Empty icon="check" text={t("release.notYet")} />}
      {result && (
        <section className="panel" aria-live="polite">
          <h2>
            <Chip tone={result.passed ? "good" : "bad"}>
              {result.passed ? t("release.passed") : t("release.failed")}
            </Chip>
          </h2>
          <ul className="cases">
            {result.cases.map((c) => (
              <li
                key={c.name}
                className={c.passed ? "case" : "case case-bad"}
                data-testid="release-case"
                data-passed={c.passed}
              >
                <Icon name={c.passed ? "check" : "close"} />
                <div>
                  <b>{c.name}</b>
                  {c.detail && <p>{c.detail}</p>}
                </div>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
