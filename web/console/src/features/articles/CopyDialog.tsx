/** The same articles for another account; its pictures are brought along. */
import { useNavigate } from "@tanstack/react-router";
import { Button, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccounts } from "@/api/queries";
import type { Article, Id } from "@/api/types";
import { useReasons } from "@/lib/rights";
import { Because, Empty, Face, Trouble } from "@/ui/kit";
import { useCopyArticle } from "./api";

interface Props {
  article: Article;
  flush: () => Promise<Article>;
  onClose: () => void;
}

export function CopyDialog({ article, flush, onClose }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { whyFunction } = useReasons();
  const others = useAccounts().filter((one) => one.id !== article.account_id);
  const copy = useCopyArticle(article.id);
  const [to, setTo] = useState<Id | null>(null);
  const [error, setError] = useState<unknown>(null);
  const go = async () => {
    if (!to) return;
    setError(null);
    try {
      await flush();
      const made = await copy.mutateAsync(to);
      onClose();
      await navigate({ to: "/articles/$id", params: { id: made.id }, search: { account: to } });
    } catch (failed) {
      setError(failed);
    }
  };
  return (
    <Modal
      open
      title={t("articles.copy_to")}
      onCancel={onClose}
      width={460}
      footer={
        <>
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button type="primary" disabled={!to} loading={copy.isPending} onClick={() => void go()}>
            {t("articles.copy")}
          </Button>
        </>
      }
    >
      <div className="stack">
        <p className="soft">{t("articles.copy_more")}</p>
        {others.length === 0 ? (
          <Empty drawing="talk" compact>
            {t("articles.copy_nowhere")}
          </Empty>
        ) : (
          <div className="copy-list" role="radiogroup" aria-label={t("articles.copy_to")}>
            {others.map((one) => {
              const why = whyFunction(one, "materials");
              return (
                <Because key={one.id} reason={why}>
                  {/* biome-ignore lint/a11y/useSemanticElements: a card is what is chosen */}
                  <button
                    type="button"
                    role="radio"
                    aria-checked={to === one.id}
                    disabled={!!why}
                    className={to === one.id ? "choose-card on" : "choose-card"}
                    onClick={() => setTo(one.id)}
                  >
                    <Face id={one.id} name={one.nick_name} src={one.avatar_url} size={32} square />
                    <strong>{one.nick_name}</strong>
                  </button>
                </Because>
              );
            })}
          </div>
        )}
        {error ? <Trouble error={error} /> : null}
      </div>
    </Modal>
  );
}
