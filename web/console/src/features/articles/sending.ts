/** The way out of the editor: saved here, into WeChat's draft box, published; and where it is at the moment. */
import { App } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Article } from "@/api/types";
import { usePublish, usePush, useSettled } from "./api";
import type { useArticleDraft } from "./draft";

/** The hub has tried; the article says what was in the way. */
export class NotPushed extends Error {}

export function useSending(article: Article, draft: ReturnType<typeof useArticleDraft>) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [step, setStep] = useState<"save" | "push" | "publish" | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const push = usePush(article.id);
  const publish = usePublish(article.id);
  const settled = useSettled(article.id);

  /** Saved here and at WeChat; the article as it then is. */
  const ready = async (): Promise<Article> => {
    setStep("save");
    try {
      const saved = await draft.flush();
      if (saved.state === "synced") return saved;
      setStep("push");
      await push.mutateAsync();
      const pushed = await settled();
      if (pushed.state !== "synced") throw new NotPushed();
      return pushed;
    } finally {
      setStep(null);
    }
  };
  const save = async () => {
    setFailed(null);
    try {
      await ready();
      void message.success(t("articles.pushed"));
    } catch (error) {
      setFailed(error);
    }
  };
  /** Whether it is on its way out. */
  const send = async () => {
    setFailed(null);
    try {
      await ready();
      setStep("publish");
      await publish.mutateAsync();
      return true;
    } catch (error) {
      setFailed(error);
      return false;
    } finally {
      setStep(null);
    }
  };

  return { step, failed, setFailed, ready, save, send };
}
