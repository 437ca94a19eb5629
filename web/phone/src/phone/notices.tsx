/** The notices an account may send this fan: what they agreed to, the question whether they agree, and taking it back. */
import { useState } from "react";
import { fanPath, get, post } from "../api/client";
import { useEvents } from "../api/live";
import type { List, Notice } from "../api/types";
import { useAct, useLater, useLoad } from "../api/use-load";
import { Button, Chip, Dialog, ErrorBox, Segmented, Switch } from "../ui/kit";
import { useWords } from "../words";

const lasting = 3;

interface Props {
  appid: string;
  openid: string;
  account: string;
}

export function Notices({ appid, openid, account }: Props) {
  const { t } = useWords();
  const notices = useLoad(`notices/${appid}/${openid}`, (signal) =>
    get<List<Notice>>(`${fanPath(appid, openid)}/notices`, signal),
  );
  const refresh = useLater(notices.reload, 150);
  useEvents((event) => {
    const touched = event.type === "call" && event.appid === appid && /newtmpl|bizsend/.test(event.path);
    if (event.type === "open" || touched) refresh();
  });
  const { act, busy, error, clear } = useAct();
  const [asking, setAsking] = useState(false);
  const items = notices.value?.items;
  if (!items?.length) return <ErrorBox error={notices.error} onRetry={notices.reload} />;

  const refuse = (template_id: string) =>
    act(async () => {
      await post(`${fanPath(appid, openid)}/refuse-notices`, { template_id });
      notices.reload();
    });
  return (
    <section className="lines" aria-label={t("notice.title")}>
      <h4 className="lines-title">{t("notice.title")}</h4>
      <ErrorBox error={error} onClose={clear} />
      {items.map((notice) => {
        const given = notice.consent.lasting || notice.consent.left > 0;
        return (
          <div key={notice.template_id} className="line">
            <span className="notice-name">
              <span>{notice.title}</span>
              <small>{notice.scene || t(notice.kind === lasting ? "notice.lasting" : "notice.once")}</small>
            </span>
            <span className="line-value notice-state">
              <Chip tone={given ? "good" : "plain"}>
                {notice.consent.lasting
                  ? t("notice.always")
                  : given
                    ? t("notice.left", { n: notice.consent.left })
                    : t("notice.refused")}
              </Chip>
              {given && (
                <Button small look="quiet" busy={busy} onClick={() => void refuse(notice.template_id)}>
                  {t("notice.stop")}
                </Button>
              )}
            </span>
          </div>
        );
      })}
      <div className="line">
        <Button data-testid="phone-ask-notices" onClick={() => setAsking(true)}>
          {t("notice.ask")}
        </Button>
      </div>
      {asking && (
        <Question
          notices={items}
          {...{ appid, openid, account }}
          onClose={() => {
            setAsking(false);
            notices.reload();
          }}
        />
      )}
    </section>
  );
}

/** As WeChat asks it: each notice by itself, all of them answered together. */
function Question({
  notices,
  appid,
  openid,
  account,
  onClose,
}: Props & { notices: Notice[]; onClose: () => void }) {
  const { t } = useWords();
  const { act, busy, error, clear } = useAct();
  const [wanted, setWanted] = useState<Record<string, boolean>>({});
  const [scene, setScene] = useState<"1" | "2">("1");
  const wants = (id: string) => wanted[id] ?? true;
  const answer = (accept: (id: string) => boolean) =>
    act(async () => {
      const choices = notices.map(({ template_id }) => ({ template_id, accept: accept(template_id) }));
      await post(`${fanPath(appid, openid)}/choose-notices`, { choices, scene: Number(scene) });
      onClose();
    });
  return (
    <Dialog title={t("notice.askTitle", { account })} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          void answer(wants);
        }}
      >
        <ErrorBox error={error} onClose={clear} />
        {notices.map((notice) => (
          <div key={notice.template_id} className="notice-choice">
            <Switch
              on={wants(notice.template_id)}
              onTurn={(on) => setWanted({ ...wanted, [notice.template_id]: on })}
              label={t("notice.wants", { title: notice.title })}
              hint={notice.keys.map((key) => `${key.name} ${key.example}`).join(" · ")}
            />
          </div>
        ))}
        <div>
          <span className="label">{t("notice.where")}</span>
          <Segmented
            label={t("notice.where")}
            value={scene}
            onPick={setScene}
            options={[
              { value: "1", label: t("notice.page") },
              { value: "2", label: t("notice.article") },
            ]}
          />
        </div>
        <div className="form-foot">
          <Button busy={busy} onClick={() => void answer(() => false)}>
            {t("notice.rejectAll")}
          </Button>
          <Button look="primary" type="submit" busy={busy} data-testid="phone-allow-notices">
            {t("notice.allow")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
