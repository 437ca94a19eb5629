/** Which official account the pages speak of; "all accounts" is a choice like any other. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Popover } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { accountsQuery } from "@/api/queries";
import { Icon } from "@/ui/icons";
import { Face } from "@/ui/kit";

export function Switcher({ onPick }: { onPick?: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { account: chosen } = useSearch({ strict: false });
  const accounts = useQuery(accountsQuery).data ?? [];
  const [open, setOpen] = useState(false);
  const [filter, setFilter] = useState("");
  const current = accounts.find((account) => account.id === chosen);
  const shown = accounts.filter((account) =>
    account.nick_name.toLowerCase().includes(filter.trim().toLowerCase()),
  );

  const pick = (id: string | undefined) => {
    setOpen(false);
    setFilter("");
    onPick?.();
    void navigate({ to: ".", search: (search) => ({ ...search, account: id, rule: undefined }) });
  };

  const list = (
    <div className="switch-list" role="listbox" aria-label={t("switcher.label")}>
      {accounts.length > 6 ? (
        <input
          className="switch-filter"
          placeholder={t("switcher.filter")}
          aria-label={t("switcher.filter")}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
          onKeyDown={(event) => event.key === "Enter" && shown[0] && pick(shown[0].id)}
        />
      ) : null}
      <button
        type="button"
        role="option"
        aria-selected={!current}
        className={current ? "switch-item" : "switch-item on"}
        onClick={() => pick(undefined)}
      >
        <span className="all-mark">
          <Icon name="accounts" size={14} />
        </span>
        <span className="grow">{t("switcher.all")}</span>
        {current ? null : <Icon name="check" size={14} />}
      </button>
      {shown.map((account) => (
        <button
          key={account.id}
          type="button"
          role="option"
          aria-selected={account.id === chosen}
          className={account.id === chosen ? "switch-item on" : "switch-item"}
          onClick={() => pick(account.id)}
        >
          <Face id={account.id} name={account.nick_name} src={account.avatar_url} size={22} square />
          <span className="grow ellipsis">{account.nick_name}</span>
          {account.status === "unbound" ? <small>{t("accounts.unbound")}</small> : null}
          {account.id === chosen ? <Icon name="check" size={14} /> : null}
        </button>
      ))}
    </div>
  );

  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger="click"
      placement="bottomLeft"
      arrow={false}
      content={list}
      classNames={{ container: "switch-pop" }}
    >
      <button type="button" className="switcher" aria-label={t("switcher.label")} aria-expanded={open}>
        {current ? (
          <Face id={current.id} name={current.nick_name} src={current.avatar_url} size={22} square />
        ) : (
          <span className="all-mark">
            <Icon name="accounts" size={14} />
          </span>
        )}
        <span className="grow ellipsis">{current?.nick_name ?? t("switcher.all")}</span>
        <Icon name="down" size={14} />
      </button>
    </Popover>
  );
}
