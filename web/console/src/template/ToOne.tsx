/** The dialog for a template message to one fan, fetched with its words when it is opened. */
import { lazy, Suspense } from "react";
import { withWords } from "@/lib/i18n";

const SendOne = lazy(() => withWords("templates", import("./SendOne")));

export function TemplateToOne(props: Parameters<typeof SendOne>[0]) {
  return (
    <Suspense fallback={null}>
      <SendOne {...props} />
    </Suspense>
  );
}
