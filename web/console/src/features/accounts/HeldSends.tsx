/** What was held when the authorisation ended: nothing of it goes out until a person has looked and said so (P8). */
import { useQuery } from "@tanstack/react-query";
import { Button, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account, HeldSends as Held } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { useNotAllowed, useReasons } from "@/lib/rights";
import { count } from "@/lib/text";
import { Icon } from "@/ui/icons";
import { Because, Card, Note, Trouble, When } from "@/ui/kit";
import { heldQuery, useDecideHeld } from "./api";

export function HeldSends({ account }: { account: Account }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const held = useQuery(heldQuery(account.id)).data;
  const [open, setOpen] = useState(false);
  if (!held || held.messages === 0) return null;
  const n = count(held.messages, language);
  return (
    <Card title={t("held.title")}>
      <div className="stack">
        <Note
          tone="warning"
          action={
            <Button size="small" type="primary" onClick={() => setOpen(true)}>
              {t("held.look")}
            </Button>
          }
        >
          <strong>{t("held.count", { count: held.messages, n })}</strong>
          <div>{account.status === "bound" ? t("held.why") : t("held.why_unbound")}</div>
        </Note>
      </div>
      {open ? <Decide account={account} held={held} onClose={() => setOpen(false)} /> : null}
    </Card>
  );
}

function Decide({ account, held, onClose }: { account: Account; held: Held; onClose: () => void }) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const { whyFunction } = useReasons();
  const notAllowed = useNotAllowed("accounts:write");
  const decide = useDecideHeld(account.id);
  const [sure, setSure] = useState(false);
  const n = (value: number) => count(value, language);
  const going = held.messages - held.too_late;
  const mayNotSend =
    notAllowed ?? whyFunction(account, "custom_message") ?? (going === 0 ? t("held.all_late") : null);
  const say = (what: "release" | "cancel") => decide.mutate(what, { onSuccess: onClose });
  const pending = decide.isPending ? decide.variables : null;

  return (
    <Modal open title={t("held.title")} onCancel={onClose} footer={null}>
      <div className="stack">
        <ul className="consequences">
          <li className="kept">
            {t("held.messages", { count: held.people, n: n(held.messages), people: n(held.people) })}
          </li>
          <li className="frozen">
            {t("held.oldest")} <When at={held.oldest_at} />
          </li>
          {held.too_late > 0 ? (
            <li className="lost">{t("held.too_late", { n: n(held.too_late) })}</li>
          ) : (
            <li className="kept">{t("held.none_late")}</li>
          )}
        </ul>
        {decide.error ? <Trouble error={decide.error} /> : null}
        {sure ? (
          <Note
            tone="warning"
            action={
              <span className="row">
                <Button size="small" onClick={() => setSure(false)}>
                  {t("held.keep")}
                </Button>
                <Button size="small" danger loading={pending === "cancel"} onClick={() => say("cancel")}>
                  {t("held.cancel", { count: held.messages, n: n(held.messages) })}
                </Button>
              </span>
            }
          >
            {t("held.sure")}
          </Note>
        ) : (
          <div className="row row-wrap row-end">
            <Because reason={notAllowed}>
              <Button danger disabled={!!notAllowed || decide.isPending} onClick={() => setSure(true)}>
                {t("held.cancel", { count: held.messages, n: n(held.messages) })}
              </Button>
            </Because>
            <Because reason={mayNotSend}>
              <Button
                type="primary"
                icon={<Icon name="send" />}
                disabled={!!mayNotSend}
                loading={pending === "release"}
                onClick={() => say("release")}
              >
                {t("held.release", { count: going, n: n(going) })}
              </Button>
            </Because>
          </div>
        )}
      </div>
    </Modal>
  );
}
