import { useState } from "react";
import type { Account, SandboxState } from "../api/types";
import { linkTo } from "../route";
import { AccountMark } from "../ui/avatar";
import { Button, Chip, Copy, Empty } from "../ui/kit";
import { count } from "../ui/time";
import { useWords } from "../words";
import { AccountDialog } from "./account-dialog";
import { NewAccountDialog } from "./new-account";

export function AccountsTab({ state, reload }: { state: SandboxState; reload: () => void }) {
  const { t } = useWords();
  const [making, setMaking] = useState(false);
  const [open, setOpen] = useState<string | null>(null);
  const account = state.accounts.find((a) => a.appid === open);
  return (
    <>
      <div className="page-head">
        <h1>{t("control.accounts")}</h1>
        <Button look="primary" icon="plus" data-testid="control-new-account" onClick={() => setMaking(true)}>
          {t("account.new")}
        </Button>
      </div>
      {state.accounts.length === 0 ? (
        <Empty icon="people" text={t("account.none")}>
          <Button look="primary" onClick={() => setMaking(true)}>
            {t("account.new")}
          </Button>
        </Empty>
      ) : (
        <table className="table table-cards">
          <thead>
            <tr>
              <th>{t("account.name")}</th>
              <th>{t("account.kind")}</th>
              <th>AppID</th>
              <th>{t("account.pushes")}</th>
              <th className="num">{t("account.fans")}</th>
              <th>{t("account.authorized")}</th>
              <th>
                <span className="unseen">{t("account.edit")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {state.accounts.map((a) => (
              <Row key={a.appid} account={a} onOpen={() => setOpen(a.appid)} />
            ))}
          </tbody>
        </table>
      )}
      {making && (
        <NewAccountDialog
          onClose={() => setMaking(false)}
          onMade={(appid) => {
            reload();
            setMaking(false);
            setOpen(appid);
          }}
        />
      )}
      {account && (
        <AccountDialog key={account.appid} account={account} reload={reload} onClose={() => setOpen(null)} />
      )}
    </>
  );
}

function Row({ account: a, onOpen }: { account: Account; onOpen: () => void }) {
  const { t, locale } = useWords();
  const verified = [0, 3, 4, 5].includes(a.verify_type);
  return (
    <tr data-testid={`control-account-${a.appid}`}>
      <td data-label={t("account.name")}>
        <span className="cell-name">
          <AccountMark name={a.nick_name} appid={a.appid} size={32} />
          <b>{a.nick_name}</b>
        </span>
      </td>
      <td data-label={t("account.kind")}>
        <span>
          {t(`kind.${a.kind}`)}{" "}
          <Chip tone={verified ? "good" : "plain"}>
            {verified ? t("profile.verified") : t("profile.unverified")}
          </Chip>
        </span>
      </td>
      <td data-label="AppID">
        <Copy text={a.appid} />
      </td>
      <td data-label={t("account.pushes")}>
        <span>
          {a.authorizations.length > 0 ? (
            t("account.byPlatform")
          ) : a.callback_url ? (
            <span className="cell-url" title={a.callback_url}>
              {a.callback_url}
            </span>
          ) : (
            <span className="quiet">{t("account.noUrl")}</span>
          )}
          <small className="quiet">
            {" "}
            {t(`mode.${a.mode}`)} · {a.format.toUpperCase()}
          </small>
        </span>
      </td>
      <td className="num" data-label={t("account.fans")}>
        {count(a.fans, locale)}
      </td>
      <td data-label={t("account.authorized")}>
        {a.authorizations.length === 0 ? (
          <span className="quiet">{t("no")}</span>
        ) : (
          <span>
            {a.authorizations.map((x) => (
              <Chip key={x.component_appid} tone="blue" title={x.component_appid}>
                {x.name} · {t("account.sets", { n: x.sets.length })}
              </Chip>
            ))}
          </span>
        )}
      </td>
      <td className="cell-acts">
        <a className="btn btn-quiet btn-small" {...linkTo(`/?person=0&appid=${encodeURIComponent(a.appid)}`)}>
          {t("account.toPhone")}
        </a>
        <Button small data-testid={`control-edit-${a.appid}`} onClick={onOpen}>
          {t("account.edit")}
        </Button>
      </td>
    </tr>
  );
}
