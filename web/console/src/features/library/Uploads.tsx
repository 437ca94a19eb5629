/** Files on their way into the library, and why some of them stay outside. */
import { useQueryClient } from "@tanstack/react-query";
import { Button, Spin } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { uploadFile } from "@/answers/api";
import { fileRules, kindOf, secondsOf, wrongWith } from "@/answers/rules";
import { asWechatPicture } from "@/lib/pictures";
import { usePrefs } from "@/lib/prefs";
import { problemText } from "@/lib/problems";
import { Icon } from "@/ui/icons";

interface Upload {
  key: number;
  name: string;
  state: "waiting" | "done" | "wrong";
  why: string | null;
}

let made = 0;

export function useUploads(folder: string | undefined) {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const queryClient = useQueryClient();
  const [list, setList] = useState<Upload[]>([]);

  const one = async (file: File): Promise<string | null> => {
    const kind = kindOf(file);
    if (!kind) return t("library.wrong_kind");
    const ready = kind === "image" ? await asWechatPicture(file).catch(() => file) : file;
    const why = wrongWith(kind, ready, t, language);
    if (why) return why;
    const most = fileRules[kind].long;
    const seconds = most ? await secondsOf(ready) : null;
    if (most && seconds !== null && seconds > most + 0.5)
      return t("media.too_long", { n: Math.round(seconds), most });
    try {
      await uploadFile(kind, ready, folder);
      return null;
    } catch (error) {
      return problemText(error);
    }
  };

  /** One after another: a shop's line is not wide. */
  const add = async (files: File[]) => {
    const begun = files.map((file) => ({
      key: ++made,
      name: file.name,
      state: "waiting" as const,
      why: null,
      file,
    }));
    setList((now) => [
      ...begun.map(({ file: _, ...rest }) => rest),
      ...now.filter((upload) => upload.state !== "done"),
    ]);
    for (const { key, file } of begun) {
      const why = await one(file);
      setList((now) =>
        now.map((upload) =>
          upload.key === key ? { ...upload, state: why ? "wrong" : "done", why } : upload,
        ),
      );
      if (!why) void queryClient.invalidateQueries({ queryKey: ["media"] });
    }
    setTimeout(
      () =>
        setList((now) =>
          now.filter((upload) => upload.state !== "done" || !begun.some(({ key }) => key === upload.key)),
        ),
      4_000,
    );
  };
  const forget = (key: number) => setList((now) => now.filter((upload) => upload.key !== key));
  return { list, add, forget };
}

export function Uploads({ uploads }: { uploads: ReturnType<typeof useUploads> }) {
  const { t } = useTranslation();
  if (uploads.list.length === 0) return null;
  const done = uploads.list.filter((one) => one.state === "done").length;
  return (
    <section className="card uploads" aria-label={t("library.uploads")} role="status">
      <p className="small soft num">{t("library.uploaded", { done, total: uploads.list.length })}</p>
      <ul>
        {uploads.list.map((one) => (
          <li key={one.key} className={`upload upload-${one.state}`}>
            {one.state === "waiting" ? (
              <Spin size="small" />
            ) : (
              <Icon name={one.state === "done" ? "check" : "alert"} size={14} />
            )}
            <span className="ellipsis upload-name">{one.name}</span>
            {one.why ? <span className="upload-why">{one.why}</span> : null}
            {one.state === "wrong" ? (
              <Button
                type="text"
                size="small"
                aria-label={t("app.remove_what", { what: one.name })}
                icon={<Icon name="close" size={12} />}
                onClick={() => uploads.forget(one.key)}
              />
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
