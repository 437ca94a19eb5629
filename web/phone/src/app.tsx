/** Which page an address is. The authorisation page stands alone, as it does at WeChat; the other two share a header. */
import { useEffect } from "react";
import { LiveProvider } from "./api/live";
import { AuthorizePage } from "./authorize/page";
import { ControlPage } from "./control/page";
import { PhonePage } from "./phone/page";
import { useRoute } from "./route";
import { useWords } from "./words";

export function App() {
  const { path } = useRoute();
  const { t } = useWords();
  const page =
    path === "/authorize" || path === "/cgi-bin/componentloginpage"
      ? "authorize"
      : path === "/control"
        ? "control"
        : "phone";
  const title = { authorize: t("title.authorize"), control: t("title.control"), phone: t("title.phone") }[
    page
  ];
  useEffect(() => {
    document.title = title;
  }, [title]);

  if (page === "authorize") return <AuthorizePage />;
  return <LiveProvider>{page === "control" ? <ControlPage /> : <PhonePage />}</LiveProvider>;
}
