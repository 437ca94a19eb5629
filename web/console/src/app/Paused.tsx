/** Above every page while nothing of the company goes out (P10). */
import { useQuery } from "@tanstack/react-query";
import { Link, useRouterState } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { sendingQuery, useCan } from "@/api/queries";
import { Note } from "@/ui/kit";

export function Paused() {
  const { t } = useTranslation();
  const { data } = useQuery({ ...sendingQuery, enabled: useCan("messages:read") });
  const isThere = useRouterState({
    select: ({ location }) => location.pathname === "/sends" && location.searchStr.includes("show=ways"),
  });
  if (!data?.pause || isThere) return null;
  return (
    <div className="paused" role="status">
      <Note
        tone="error"
        action={
          <Link to="/sends" search={{ show: "ways" }}>
            {t("paused.look")}
          </Link>
        }
      >
        <strong>{t("paused.lead")}</strong>
      </Note>
    </div>
  );
}
