/** Adding a template of WeChat's library to the account. */
import { useQuery } from "@tanstack/react-query";
import { Button, Checkbox, Input, Modal, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account, TemplateLibrary } from "@/api/types";
import { splitWords } from "@/lib/text";
import { Badge, Bars, Because, Note, Trouble } from "@/ui/kit";
import { keywordsQuery, titlesQuery, useAddTemplate } from "./api";

/** Template messages: by the number that WeChat's page shows, and the names of keywords. */
export function AddTemplate({ account, onClose }: { account: Account; onClose: () => void }) {
  const { t } = useTranslation();
  const add = useAddTemplate(account.id);
  const [number, setNumber] = useState("");
  const [keywords, setKeywords] = useState("");
  const names = splitWords(keywords);
  const historical = /^(OPEN)?TM/i.test(number.trim());
  const wrong = !number.trim()
    ? t("templates.need_number")
    : !historical && names.length === 0
      ? t("templates.need_keywords")
      : null;
  const go = () => {
    if (wrong || add.isPending) return;
    add.mutate(
      { kind: "template", short_id: number.trim(), keywords: historical ? [] : names },
      { onSuccess: onClose },
    );
  };
  return (
    <Modal
      open
      title={t("templates.add_template")}
      onCancel={onClose}
      footer={<Foot wrong={wrong} busy={add.isPending} onClose={onClose} onAdd={go} />}
    >
      <div className="stack">
        <p className="soft">{t("templates.add_template_more")}</p>
        <div className="tpl-field">
          <label className="tpl-label" htmlFor="template-number">
            {t("templates.number")}
          </label>
          <Input
            id="template-number"
            autoFocus
            value={number}
            maxLength={20}
            placeholder="43210"
            onChange={(event) => setNumber(event.target.value)}
            onPressEnter={go}
          />
        </div>
        {historical ? (
          <Note>{t("templates.historical_more")}</Note>
        ) : (
          <div className="tpl-field">
            <label className="tpl-label" htmlFor="template-keywords">
              {t("templates.keywords")}
            </label>
            <Input
              id="template-keywords"
              value={keywords}
              placeholder={t("templates.keywords_hint")}
              onChange={(event) => setKeywords(event.target.value)}
              onPressEnter={go}
            />
            <span className="tpl-more">{t("templates.keywords_more")}</span>
          </div>
        )}
        {add.error ? <Trouble error={add.error} /> : null}
      </div>
    </Modal>
  );
}

/** Notices: WeChat's library can be looked through. */
export function AddNotice({
  account,
  library,
  onClose,
}: {
  account: Account;
  library: TemplateLibrary;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const add = useAddTemplate(account.id);
  const [category, setCategory] = useState(library.categories[0]?.id);
  const [title, setTitle] = useState<number>();
  const [chosen, setChosen] = useState<number[]>([]);
  const [scene, setScene] = useState("");
  const titles = useQuery({ ...titlesQuery(account.id, category ?? 0), enabled: category !== undefined });
  const keywords = useQuery({ ...keywordsQuery(account.id, title ?? 0), enabled: title !== undefined });
  const wrong =
    title === undefined
      ? t("templates.need_title")
      : chosen.length < 2 || chosen.length > 5
        ? t("templates.need_two")
        : !scene.trim()
          ? t("templates.need_scene")
          : null;
  const go = () => {
    if (wrong || title === undefined || add.isPending) return;
    add.mutate(
      { kind: "notice", title_id: title, keyword_ids: chosen, scene: scene.trim() },
      { onSuccess: onClose },
    );
  };
  const toggle = (id: number) =>
    setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  return (
    <Modal
      open
      title={t("templates.add_notice")}
      onCancel={onClose}
      footer={<Foot wrong={wrong} busy={add.isPending} onClose={onClose} onAdd={go} />}
    >
      {library.categories.length === 0 ? (
        <Note tone="warning">{t("templates.no_categories")}</Note>
      ) : (
        <div className="stack">
          <div className="tpl-field">
            <span className="tpl-label">{t("templates.category")}</span>
            <Select
              aria-label={t("templates.category")}
              value={category}
              options={library.categories.map((one) => ({ value: one.id, label: one.name }))}
              onChange={(id: number) => {
                setCategory(id);
                setTitle(undefined);
                setChosen([]);
              }}
            />
          </div>
          <div className="tpl-field">
            <span className="tpl-label">{t("templates.title")}</span>
            <Select
              showSearch={{ optionFilterProp: "label" }}
              aria-label={t("templates.title")}
              placeholder={t("templates.title_hint")}
              loading={titles.isFetching}
              value={title}
              options={titles.data?.items.map((one) => ({
                value: one.title_id,
                label: one.lasting ? `${one.title}（${t("templates.lasting")}）` : one.title,
              }))}
              onChange={(id: number) => {
                setTitle(id);
                setChosen([]);
              }}
            />
          </div>
          {titles.error ? <Trouble error={titles.error} /> : null}
          {title !== undefined ? (
            <fieldset className="tpl-field keyword-list">
              <legend className="tpl-label">{t("templates.choose_keywords")}</legend>
              {keywords.data ? (
                keywords.data.items.map((one) => (
                  <Checkbox
                    key={one.keyword_id}
                    checked={chosen.includes(one.keyword_id)}
                    onChange={() => toggle(one.keyword_id)}
                  >
                    {one.name} <span className="small dim">{one.example}</span>{" "}
                    {chosen.includes(one.keyword_id) ? (
                      <Badge>{chosen.indexOf(one.keyword_id) + 1}</Badge>
                    ) : null}
                  </Checkbox>
                ))
              ) : keywords.error ? (
                <Trouble error={keywords.error} />
              ) : (
                <Bars rows={3} height={22} />
              )}
            </fieldset>
          ) : null}
          <div className="tpl-field">
            <label className="tpl-label" htmlFor="notice-scene">
              {t("templates.scene")}
            </label>
            <Input
              id="notice-scene"
              value={scene}
              maxLength={15}
              showCount
              placeholder={t("templates.scene_hint")}
              onChange={(event) => setScene(event.target.value)}
            />
          </div>
          {add.error ? <Trouble error={add.error} /> : null}
        </div>
      )}
    </Modal>
  );
}

function Foot({
  wrong,
  busy,
  onClose,
  onAdd,
}: {
  wrong: string | null;
  busy: boolean;
  onClose: () => void;
  onAdd: () => void;
}) {
  const { t } = useTranslation();
  return (
    <>
      <Button onClick={onClose}>{t("app.cancel")}</Button>
      <Because reason={wrong}>
        <Button type="primary" disabled={!!wrong} loading={busy} onClick={onAdd}>
          {t("templates.add")}
        </Button>
      </Because>
    </>
  );
}
