/** One button: its name, what it does, and what that needs. Limits are WeChat's, in bytes, while one types. */
import { Button, Checkbox, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { AnswerFields } from "@/answers/AnswerFields";
import { emptyAnswer } from "@/answers/empty";
import type { Answer, AnswerType, ButtonKind, Id, MenuButton } from "@/api/types";
import { byteLength } from "@/lib/text";
import { Icon, type IconName } from "@/ui/icons";
import { Note } from "@/ui/kit";
import { ArticleField } from "./ArticleField";
import { kindIcons } from "./Board";
import { MaterialField } from "./MaterialField";
import { type Fault, faultsOf, hasKey, hostsOf, kinds, most } from "./shape";

interface Props {
  account: Id;
  button: MenuButton;
  below: boolean;
  buttons: MenuButton[];
  linkHost: string;
  disabled: boolean;
  onChange: (next: Partial<MenuButton>) => void;
  onRemove: () => void;
}

export function ButtonForm({
  account,
  button,
  below,
  buttons,
  linkHost,
  disabled,
  onChange,
  onRemove,
}: Props) {
  const { t } = useTranslation();
  const faults = new Set(faultsOf(button, below));
  const limit = below ? most.nameBelow : most.name;
  const has = (button.buttons?.length ?? 0) > 0;
  return (
    <div className="menu-form">
      <div className="menu-form-head">
        <h2>{below ? t("menus.button_below") : t("menus.button")}</h2>
        <Button
          type="text"
          size="small"
          danger
          disabled={disabled}
          icon={<Icon name="trash" size={14} />}
          onClick={onRemove}
        >
          {t("menus.remove")}
        </Button>
      </div>
      <label className="field" htmlFor="menu-name">
        <span className="field-label">{t("menus.name")}</span>
        <Input
          id="menu-name"
          value={button.name}
          disabled={disabled}
          status={faults.has("name_long") ? "error" : ""}
          placeholder={below ? t("menus.name_hint_below") : t("menus.name_hint")}
          suffix={<Bytes of={button.name} limit={limit} />}
          onChange={(event) => onChange({ name: event.target.value })}
        />
        <Wrong faults={faults} of={["name_long"]} />
      </label>
      {has ? (
        <p className="field-more">{t("menus.opens_list")}</p>
      ) : (
        <>
          <label className="field" htmlFor="menu-kind">
            <span className="field-label">{t("menus.does")}</span>
            <Select
              id="menu-kind"
              value={button.type}
              disabled={disabled}
              listHeight={420}
              onChange={(type: ButtonKind) => onChange({ type })}
              options={[...kinds, ...(button.type === "console" ? (["console"] as const) : [])].map(
                (kind) => ({
                  value: kind,
                  disabled: kind === "console",
                  label: (
                    <span className="row">
                      <Icon name={kindIcons[kind]} size={15} /> {t(`menus.kinds.${kind}`)}
                    </span>
                  ),
                }),
              )}
            />
            {button.type && button.type !== "console" ? (
              <span className="field-more">{t(`menus.kinds_more.${button.type}`)}</span>
            ) : null}
          </label>
          <Needs
            account={account}
            button={button}
            faults={faults}
            hosts={hostsOf(buttons, linkHost)}
            linkHost={linkHost}
            disabled={disabled}
            onChange={onChange}
          />
        </>
      )}
    </div>
  );
}

function Bytes({ of, limit }: { of: string; limit: number }) {
  const { t } = useTranslation();
  const used = byteLength(of);
  return (
    <span className={used > limit ? "bytes over num" : "bytes num"} title={t("menus.bytes", { used, limit })}>
      {used}/{limit}
    </span>
  );
}

function Wrong({ faults, of }: { faults: Set<Fault>; of: Fault[] }) {
  const { t } = useTranslation();
  const found = of.find((fault) => faults.has(fault));
  return found ? <span className="field-more over">{t(`menus.faults.${found}`)}</span> : null;
}

function Needs({
  account,
  button,
  faults,
  hosts,
  linkHost,
  disabled,
  onChange,
}: {
  account: Id;
  button: MenuButton;
  faults: Set<Fault>;
  hosts: string[];
  linkHost: string;
  disabled: boolean;
  onChange: (next: Partial<MenuButton>) => void;
}) {
  const { t } = useTranslation();
  const { type } = button;
  const line = (name: "url" | "app_id" | "page_path", hint: string, fault: Fault) => (
    <label className="field" htmlFor={`menu-${name}`}>
      <span className="field-label">{t(`menus.fields.${name}`)}</span>
      <Input
        id={`menu-${name}`}
        value={button[name] ?? ""}
        disabled={disabled}
        placeholder={hint}
        status={button[name] && faults.has(fault) ? "error" : ""}
        {...(name === "url" ? { suffix: <Bytes of={button.url ?? ""} limit={most.url} /> } : {})}
        onChange={(event) => onChange({ [name]: event.target.value })}
      />
      {button[name] ? <Wrong faults={faults} of={[fault]} /> : null}
    </label>
  );
  if (type === "console") {
    return (
      <Note tone="warning">
        {t("menus.console_made", { kind: button.console_type ?? "" })}
        {button.console_value ? <div className="soft">{button.console_value}</div> : null}
      </Note>
    );
  }
  if (type === "view") {
    return (
      <>
        {line("url", "https://", "url")}
        <div className="field">
          <Checkbox
            checked={button.count_visits ?? false}
            disabled={disabled}
            onChange={(event) => onChange({ count_visits: event.target.checked })}
          >
            {t("menus.count_visits")}
          </Checkbox>
          <span className="field-more">{t("menus.count_visits_more", { host: linkHost })}</span>
        </div>
        <p className={hosts.length > most.hosts ? "field-more over" : "field-more"}>
          {t("menus.hosts", { used: hosts.length, limit: most.hosts })}
          {hosts.length > 0 ? ` ${hosts.join(t("app.comma"))}` : ""}
        </p>
      </>
    );
  }
  if (type === "miniprogram") {
    return (
      <>
        {line("app_id", "wx…", "app_id")}
        {line("page_path", "pages/index", "page_path")}
        {line("url", t("menus.old_phones"), "url")}
      </>
    );
  }
  if (type === "media_id" || type === "view_limited") {
    return (
      <MaterialField
        // What was chosen for one kind is of no use to the other.
        key={type}
        account={account}
        value={button.material ?? ""}
        newsOnly={type === "view_limited"}
        disabled={disabled}
        onChange={(material) => onChange({ material: material || undefined })}
      />
    );
  }
  if (type === "article_id" || type === "article_view_limited") {
    return (
      <ArticleField
        account={account}
        value={button.article ?? ""}
        disabled={disabled}
        onChange={(article) => onChange({ article: article || undefined })}
      />
    );
  }
  if (!hasKey(type)) return null;
  return <AnswerPart button={button} faults={faults} disabled={disabled} onChange={onChange} />;
}

const types: { type: Exclude<AnswerType, "none">; icon: IconName }[] = [
  { type: "text", icon: "text" },
  { type: "image", icon: "image" },
  { type: "voice", icon: "voice" },
  { type: "video", icon: "video" },
  { type: "article", icon: "article" },
  { type: "music", icon: "music" },
];

function AnswerPart({
  button,
  faults,
  disabled,
  onChange,
}: {
  button: MenuButton;
  faults: Set<Fault>;
  disabled: boolean;
  onChange: (next: Partial<MenuButton>) => void;
}) {
  const { t } = useTranslation();
  const set = (answer: Answer | undefined) =>
    onChange({ answer: answer && answer.type !== "none" ? answer : undefined });
  return (
    <>
      <div className="field">
        <span className="field-label">{t("menus.answer")}</span>
        <div className="answer-kinds">
          {types.map(({ type, icon }) => (
            <Button
              key={type}
              size="small"
              type={button.answer?.type === type ? "primary" : "default"}
              ghost={button.answer?.type === type}
              disabled={disabled}
              icon={<Icon name={icon} size={14} />}
              onClick={() => (button.answer?.type === type ? undefined : set(emptyAnswer(type)))}
            >
              {t(`answers.types.${type}`)}
            </Button>
          ))}
          {button.answer ? (
            <Button size="small" type="text" disabled={disabled} onClick={() => set(undefined)}>
              {t("menus.no_answer")}
            </Button>
          ) : null}
        </div>
        {button.answer ? (
          <AnswerFields answer={button.answer} disabled={disabled} autoFocus={false} onChange={set} />
        ) : (
          <p className="field-more">{t("menus.nothing_said")}</p>
        )}
        <Wrong faults={faults} of={["answer_long", "answer"]} />
      </div>
      <details className="menu-key">
        <summary>{t("menus.key")}</summary>
        <Input
          value={button.key ?? ""}
          disabled={disabled}
          aria-label={t("menus.key")}
          placeholder={`hy_${button.id}`}
          suffix={<Bytes of={button.key ?? ""} limit={most.key} />}
          onChange={(event) => onChange({ key: event.target.value || undefined })}
        />
        <span className="field-more">{t("menus.key_more")}</span>
        <Wrong faults={faults} of={["key_long"]} />
      </details>
    </>
  );
}
