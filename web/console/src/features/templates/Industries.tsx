/** The account's two industries: once a month, and said before it is done. */
import { Button, Modal, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account, TemplateLibrary } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { exactTime } from "@/lib/time";
import { Because, Note, Trouble } from "@/ui/kit";
import { useSetIndustries } from "./api";

/** By WeChat's numbers from 1, in its own words. */
const industries = [
  "IT科技 / 互联网|电子商务",
  "IT科技 / IT软件与服务",
  "IT科技 / IT硬件与设备",
  "IT科技 / 电子技术",
  "IT科技 / 通信与运营商",
  "IT科技 / 网络游戏",
  "金融业 / 银行",
  "金融业 / 证券|基金|理财|信托",
  "金融业 / 保险",
  "餐饮 / 餐饮",
  "酒店旅游 / 酒店",
  "酒店旅游 / 旅游",
  "运输与仓储 / 快递",
  "运输与仓储 / 物流",
  "运输与仓储 / 仓储",
  "教育 / 培训",
  "教育 / 院校",
  "政府与公共事业 / 学术科研",
  "政府与公共事业 / 交警",
  "政府与公共事业 / 博物馆",
  "政府与公共事业 / 公共事业非盈利机构",
  "医药护理 / 医药医疗",
  "医药护理 / 护理美容",
  "医药护理 / 保健与卫生",
  "交通工具 / 汽车相关",
  "交通工具 / 摩托车相关",
  "交通工具 / 火车相关",
  "交通工具 / 飞机相关",
  "房地产 / 房地产|建筑",
  "房地产 / 物业",
  "消费品 / 消费品",
  "商业服务 / 法律",
  "商业服务 / 会展",
  "商业服务 / 中介服务",
  "商业服务 / 认证",
  "商业服务 / 审计",
  "文体娱乐 / 传媒",
  "文体娱乐 / 体育",
  "文体娱乐 / 娱乐休闲",
  "印刷 / 印刷",
  "其他 / 其他",
];
const options = industries.map((label, index) => ({ value: index + 1, label }));

export function IndustriesDialog({
  account,
  library,
  onClose,
}: {
  account: Account;
  library: TemplateLibrary;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { language, zone } = usePrefs();
  const set = useSetIndustries(account.id);
  const now = (name: string | null) => options.find((one) => one.label === name)?.value;
  const [primary, setPrimary] = useState(now(library.primary_industry));
  const [secondary, setSecondary] = useState(now(library.secondary_industry));
  const wrong =
    library.industries_from !== null
      ? t("templates.industry_wait", { when: exactTime(library.industries_from, language, zone) })
      : primary === undefined || secondary === undefined
        ? t("templates.need_both")
        : primary === secondary
          ? t("templates.need_different")
          : null;
  return (
    <Modal
      open
      title={t("templates.industry_change")}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Because reason={wrong}>
            <Button
              type="primary"
              disabled={!!wrong}
              loading={set.isPending}
              onClick={() => {
                if (primary !== undefined && secondary !== undefined)
                  set.mutate({ primary, secondary }, { onSuccess: onClose });
              }}
            >
              {t("templates.industry_set")}
            </Button>
          </Because>
        </>
      }
    >
      <div className="stack">
        <Note tone="warning">{t("templates.industry_warning")}</Note>
        <div className="tpl-field">
          <span className="tpl-label">{t("templates.industry_primary")}</span>
          <Select
            showSearch={{ optionFilterProp: "label" }}
            aria-label={t("templates.industry_primary")}
            value={primary}
            onChange={setPrimary}
            options={options}
          />
        </div>
        <div className="tpl-field">
          <span className="tpl-label">{t("templates.industry_secondary")}</span>
          <Select
            showSearch={{ optionFilterProp: "label" }}
            aria-label={t("templates.industry_secondary")}
            value={secondary}
            onChange={setSecondary}
            options={options}
          />
        </div>
        {set.error ? <Trouble error={set.error} /> : null}
      </div>
    </Modal>
  );
}
