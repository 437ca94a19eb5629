/** What stands where a page cannot: not found, broken. */
import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import { Button } from "antd";
import { Component, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/client";
import { problemText } from "@/lib/problems";
import { Drawing } from "@/ui/drawings";

function Quiet({ title, children, action }: { title: string; children: ReactNode; action: ReactNode }) {
  return (
    <main className="quiet">
      <Drawing name="broken" />
      <h1>{title}</h1>
      <p>{children}</p>
      {action}
    </main>
  );
}

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Quiet title={t("app.not_found")} action={<Link to="/">{t("app.go_home")}</Link>}>
      {t("app.not_found_more")}
    </Quiet>
  );
}

export function RouteError({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  const router = useRouter();
  const stale = /dynamically imported module|Importing a module script|preload CSS/i.test(
    error instanceof Error ? error.message : "",
  );
  const again = () => {
    if (stale) return location.reload();
    reset();
    void router.invalidate();
  };
  return (
    <Quiet
      title={stale ? t("app.updated") : t("app.broken")}
      action={
        <Button type="primary" onClick={again}>
          {stale ? t("app.reload") : t("app.retry")}
        </Button>
      }
    >
      {stale ? t("app.updated_more") : error instanceof ApiError ? problemText(error) : t("app.broken_more")}
    </Quiet>
  );
}

/** The last net, outside router and language: plain words in both. */
export class LastNet extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };
  static getDerivedStateFromError() {
    return { broken: true };
  }
  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <main className="quiet">
        <h1>页面出错了 · Something broke</h1>
        <p>请刷新页面。已保存的内容不受影响。 Please reload; what was saved is safe.</p>
        <button type="button" onClick={() => location.reload()}>
          刷新 · Reload
        </button>
      </main>
    );
  }
}
