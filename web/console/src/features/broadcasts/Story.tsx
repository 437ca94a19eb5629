/** Who did what with it, and when: from the first draft to the last fan. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Broadcast } from "@/api/types";
import { When } from "@/ui/kit";

interface Step {
  key: string;
  words: ReactNode;
  at: number | null;
  /** Has it happened, is it happening, or is it still to come? */
  is: "done" | "now" | "later" | "bad";
}

export function Story({ broadcast }: { broadcast: Broadcast }) {
  const { t } = useTranslation();
  const { state, parts = [] } = broadcast;
  const steps: Step[] = [
    {
      key: "created",
      words: t("broadcasts.story.created", { name: broadcast.created_by }),
      at: broadcast.created_at,
      is: "done",
    },
  ];
  if (broadcast.decided_by)
    steps.push({
      key: "decided",
      words: t("broadcasts.story.decided", { name: broadcast.decided_by }),
      at: null,
      is: "done",
    });
  if (broadcast.approved_by)
    steps.push({
      key: "approved",
      words: t("broadcasts.story.approved", { name: broadcast.approved_by }),
      at: null,
      is: "done",
    });
  if (state === "awaiting_approval")
    steps.push({ key: "waits", words: t("broadcasts.story.awaiting_approval"), at: null, is: "now" });
  if (broadcast.starts_at !== null && broadcast.started_at === null)
    steps.push({
      key: "scheduled",
      words: t(state === "missed" ? "broadcasts.story.missed" : "broadcasts.story.scheduled"),
      at: broadcast.starts_at,
      is: state === "missed" ? "bad" : state === "stopped" ? "done" : state === "scheduled" ? "now" : "later",
    });
  if (broadcast.started_at !== null)
    steps.push({
      key: "started",
      words: t("broadcasts.story.started"),
      at: broadcast.started_at,
      is: "done",
    });
  const submitted = parts.flatMap((part) => part.submitted_at ?? []);
  if (submitted.length > 0)
    steps.push({
      key: "submitted",
      words: t("broadcasts.story.submitted", { count: submitted.length }),
      at: Math.max(...submitted),
      is: "done",
    });
  if (parts.some((part) => part.state === "awaiting_confirmation"))
    steps.push({ key: "confirm", words: t("broadcasts.story.confirming"), at: null, is: "now" });
  if (state === "testing")
    steps.push({ key: "testing", words: t("broadcasts.story.testing"), at: null, is: "now" });
  if (state === "held") steps.push({ key: "held", words: t("broadcasts.story.held"), at: null, is: "bad" });
  if (state === "running")
    steps.push({ key: "running", words: t("broadcasts.story.running"), at: null, is: "now" });
  if (state === "stopped" || state === "done")
    steps.push({
      key: state,
      words: t(`broadcasts.story.${state}`),
      at: broadcast.ended_at,
      is: state === "stopped" ? "bad" : "done",
    });
  return (
    <ol className="story">
      {steps.map((step) => (
        <li key={step.key} className={`story-${step.is}`}>
          <i aria-hidden="true" />
          <span className="grow">{step.words}</span>
          {step.at === null ? null : (
            <small className="soft">
              <When at={step.at} />
            </small>
          )}
        </li>
      ))}
    </ol>
  );
}
