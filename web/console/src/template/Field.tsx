/** A field of a template, as it is being written. */
import { Button, Dropdown, Input, Popover } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Customer, TemplateField } from "@/api/types";
import { Icon } from "@/ui/icons";
import { filled, isPersonal, type Known, known, length, missingOf, placeOf, strange, unfit } from "./values";
import "./template.css";

/**
 * A field of the template: a text, what can be put in, and what WeChat would say to it. For one customer it is looked
 * at as it will be said to them, and what is not known of them is named.
 */
export function Field({
  field,
  value,
  customer,
  onChange,
}: {
  field: TemplateField;
  value: string;
  customer?: Customer;
  onChange: (text: string) => void;
}) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const [asking, setAsking] = useState<Known | null>(null);
  const [otherwise, setOtherwise] = useState("");
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (asking === null) return;
    const elsewhere = (event: PointerEvent) => {
      if (!form.current?.contains(event.target as Node)) setAsking(null);
    };
    document.addEventListener("pointerdown", elsewhere);
    return () => document.removeEventListener("pointerdown", elsewhere);
  }, [asking]);
  const personal = isPersonal(value) && !customer;
  const wrongPlace = strange(value);
  const missing = customer ? missingOf(value, customer) : [];
  const said = filled(value, customer);
  const why = personal || !value || missing.length > 0 ? null : unfit(field, said);
  const put = (name: Known) => {
    const area = box.current?.querySelector("input");
    const at = area?.selectionStart ?? value.length;
    const to = area?.selectionEnd ?? at;
    onChange(value.slice(0, at) + placeOf(name, otherwise.trim()) + value.slice(to));
    setAsking(null);
    setOtherwise("");
    setTimeout(() => area?.focus(), 0);
  };
  const n = length(said);
  const trouble = wrongPlace
    ? t("campaigns.strange", { name: wrongPlace })
    : missing.length > 0
      ? t("one.missing", {
          names: missing.map((name) => t(`campaigns.places.${name}`)).join(t("app.comma")),
        })
      : why && why !== "empty"
        ? t(`campaigns.unfit.${why}`, {
            type: t(`templates.types.${field.type ?? "none"}` as "templates.types.none"),
          })
        : field.type === null && field.longest !== null && n > field.longest
          ? t("campaigns.cut")
          : null;
  return (
    <div className="tpl-field" ref={box}>
      <span className="tpl-label row row-between">
        <label htmlFor={`field-${field.key}`}>{field.name || field.key}</label>
        <span className="small dim">
          {t(`templates.types.${field.type ?? "none"}` as "templates.types.none")}
          {field.longest === null ? "" : personal ? ` · ≤ ${field.longest}` : ` · ${n}/${field.longest}`}
        </span>
      </span>
      <div className="row field-with-places">
        <Input
          id={`field-${field.key}`}
          value={value}
          maxLength={500}
          status={wrongPlace || missing.length > 0 || (why && why !== "empty") ? "error" : undefined}
          placeholder={field.example ? t("campaigns.example", { text: field.example }) : undefined}
          onChange={(event) => onChange(event.target.value)}
        />
        {/* Opened by the menu alone: a click that closes the menu would close this with it, now and then. */}
        <Popover
          trigger={[]}
          // In a dialog, what stands outside of it cannot keep the focus.
          getPopupContainer={(node) => box.current ?? node}
          open={asking !== null}
          afterOpenChange={(open) => {
            if (open) form.current?.querySelector("input")?.focus();
          }}
          placement="bottomRight"
          title={
            asking ? t("campaigns.otherwise_title", { what: t(`campaigns.places.${asking}`) }) : undefined
          }
          content={
            asking ? (
              <form
                ref={form}
                className="stack-tight place-form"
                onSubmit={(event) => {
                  event.preventDefault();
                  put(asking);
                }}
                onKeyDown={(event) => {
                  if (event.key !== "Escape") return;
                  event.stopPropagation();
                  setAsking(null);
                }}
              >
                <Input
                  aria-label={t("campaigns.otherwise")}
                  placeholder={t("campaigns.otherwise_hint")}
                  maxLength={30}
                  value={otherwise}
                  onChange={(event) => setOtherwise(event.target.value.replace(/[{}|]/g, ""))}
                />
                <Button type="primary" htmlType="submit" size="small">
                  {t("campaigns.put_in")}
                </Button>
              </form>
            ) : null
          }
        >
          <span>
            <Dropdown
              trigger={["click"]}
              getPopupContainer={(node) => box.current ?? node}
              menu={{
                onClick: ({ key }) => setAsking(key as Known),
                items: known.map((name) => ({ key: name, label: t(`campaigns.places.${name}`) })),
              }}
            >
              <Button
                icon={<Icon name="person" />}
                aria-label={t("campaigns.put_into", { name: field.name || field.key })}
                title={t("campaigns.put_into", { name: field.name || field.key })}
              />
            </Dropdown>
          </span>
        </Popover>
      </div>
      {trouble ? <span className="tpl-more tpl-wrong">{trouble}</span> : null}
    </div>
  );
}
