/** The frame of the pages before the console: paper, a flock passing, one sheet. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useTitle } from "@/lib/hooks";
import { Flock, Seal } from "@/ui/mark";
import "./gate.css";

export function Gate({
  title,
  lead,
  switches,
  children,
}: {
  title: string;
  lead?: ReactNode;
  switches: ReactNode;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  useTitle(`${title} · ${t("app.name")}`);
  return (
    <div className="gate">
      <div className="gate-scene">
        <Flock className="gate-flock" />
        <svg className="gate-water" viewBox="0 0 800 160" preserveAspectRatio="none" aria-hidden="true">
          <path d="M0 60c90-30 160-34 260-10s180 30 290 0 160-26 250-4v114H0z" />
          <path d="M0 96c120-26 210-18 320 0s220 18 480-14v78H0z" />
        </svg>
        <div className="gate-words">
          <p>{t("session.motto")}</p>
          <small>{t("session.motto_more")}</small>
        </div>
      </div>
      <main className="gate-sheet">
        <div className="gate-switches">{switches}</div>
        <div className="gate-form">
          <div className="gate-brand">
            <Seal size={44} />
            <span>
              <strong>{t("app.name")}</strong>
              <small>{t("app.what")}</small>
            </span>
          </div>
          <h1>{title}</h1>
          {lead ? <p className="gate-lead">{lead}</p> : null}
          {children}
        </div>
      </main>
    </div>
  );
}
