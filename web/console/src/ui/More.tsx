/** The button below a list that fetches what comes next; nothing when that was all. */
import { Button } from "antd";
import { useTranslation } from "react-i18next";

interface Pages {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

export function More({ query }: { query: Pages }) {
  const { t } = useTranslation();
  if (!query.hasNextPage) return null;
  return (
    <Button block type="text" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
      {t("app.load_more")}
    </Button>
  );
}
