/** The way to a table: one press opens the file chooser; what is chosen is read, and its page opens. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Dropdown, Space } from "antd";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Account } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { Icon } from "@/ui/icons";
import { Because } from "@/ui/kit";
import { batchesQuery, type useReadTable } from "./api";

/** Both languages' headings are understood; this one is the reader's. */
const template = {
  "zh-CN": '名称,来源,标签,分组,备注\n徐汇店,地推,"门店,华东",门店,\n',
  "en-US": 'name,source,tags,folder,note\nXuhui shop,street team,"shops,east",Shops,\n',
};

export function TableButton({
  account,
  off,
  read,
}: {
  account: Account;
  off: string | null;
  read: ReturnType<typeof useReadTable>;
}) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const navigate = useNavigate();
  const file = useRef<HTMLInputElement>(null);
  const batches = useQuery(batchesQuery(account.id)).data ?? [];
  const open = (id: string) =>
    void navigate({ to: "/qrcodes/batches/$id", params: { id }, search: { account: account.id } });
  const href = `data:text/csv;charset=utf-8,%EF%BB%BF${encodeURIComponent(template[language])}`;
  return (
    <>
      <Space.Compact>
        <Because reason={off}>
          <Button
            icon={<Icon name="columns" />}
            disabled={!!off}
            loading={read.isPending}
            onClick={() => file.current?.click()}
          >
            {t("qrcodes.batch")}
          </Button>
        </Because>
        <Dropdown
          trigger={["click"]}
          placement="bottomRight"
          menu={{
            onClick: ({ key }) => {
              if (key !== "template") open(key);
            },
            items: [
              {
                key: "template",
                icon: <Icon name="import" />,
                label: (
                  <a href={href} download={`${t("qrcodes.template_name")}.csv`}>
                    {t("qrcodes.template")}
                  </a>
                ),
              },
              ...(batches.length > 0 ? [{ type: "divider" as const }] : []),
              ...batches.slice(0, 8).map((batch) => ({
                key: batch.id,
                label: (
                  <span className="code-batch-item">
                    <span className="ellipsis">{batch.file_name}</span>
                    <small className="dim">{t(`qrcodes.batch_states.${batch.state}`)}</small>
                  </span>
                ),
              })),
            ],
          }}
        >
          <Button aria-label={t("qrcodes.batch_more")} icon={<Icon name="down" size={14} />} />
        </Dropdown>
      </Space.Compact>
      <input
        ref={file}
        type="file"
        hidden
        accept=".csv,.txt,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        data-testid="table-file"
        onChange={(event) => {
          const given = event.target.files?.[0];
          if (given) read.mutate(given, { onSuccess: (batch) => open(batch.id) });
          event.target.value = "";
        }}
      />
    </>
  );
}
