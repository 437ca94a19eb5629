/** What speaks against sending it so, and where that is changed. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Finding, Id } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { Icon } from "@/ui/icons";
import { Badge } from "@/ui/kit";
import { partOf } from "./shape";

const order = { error: 0, warning: 1, info: 2 };
const marks = { error: "alert", warning: "alert", info: "info" } as const;

export function Findings({ broadcast, findings }: { broadcast: Id; findings: Finding[] }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  if (findings.length === 0)
    return (
      <p className="bc-fine">
        <Icon name="check" />
        {t("broadcasts.nothing_found")}
      </p>
    );
  return (
    <ul className="bc-findings">
      {findings
        .toSorted((a, b) => order[a.severity] - order[b.severity])
        .map((finding, n) => {
          const part = partOf(finding.field);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same may be found twice; the list is replaced as a whole
            <li key={`${finding.code}-${n}`} className={`bc-finding finding-${finding.severity}`}>
              <Icon name={marks[finding.severity]} />
              <span className="grow">
                <span className="visually-hidden">{t(`broadcasts.severities.${finding.severity}`)}: </span>
                {finding.words[language]}
                {finding.rule ? (
                  <>
                    {" "}
                    {finding.link ? (
                      <a href={finding.link} target="_blank" rel="noreferrer">
                        <Badge>{finding.rule}</Badge>
                      </a>
                    ) : (
                      <Badge>{finding.rule}</Badge>
                    )}
                  </>
                ) : finding.link ? (
                  <>
                    {" "}
                    <a href={finding.link} target="_blank" rel="noreferrer">
                      {t("broadcasts.why")}
                    </a>
                  </>
                ) : null}
              </span>
              {part ? (
                <Link
                  to="/broadcasts/$id"
                  params={{ id: broadcast }}
                  search={(s) => ({ account: s.account })}
                  hash={part}
                  className="nowrap"
                >
                  {t("broadcasts.change")}
                </Link>
              ) : null}
            </li>
          );
        })}
    </ul>
  );
}
