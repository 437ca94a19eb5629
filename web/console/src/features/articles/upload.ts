/** Pictures that were pasted, dropped or chosen, into the library. */
import { App } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useUpload } from "@/answers/api";
import { wrongWith } from "@/answers/rules";
import { asWechatPicture } from "@/lib/pictures";
import { usePrefs } from "@/lib/prefs";
import { problemText } from "@/lib/problems";
import { fileOf } from "./pictures";
import type { Picked } from "./text/TextEditor";

export function usePictures() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { language } = usePrefs();
  const one = useUpload("image");
  const [going, setGoing] = useState(0);

  const upload = async (files: File[]): Promise<Picked[]> => {
    const kept: Picked[] = [];
    setGoing((n) => n + files.length);
    for (const file of files) {
      try {
        const ready = await asWechatPicture(file).catch(() => file);
        const wrong = wrongWith("image", ready, t, language);
        if (wrong) void message.error(`${file.name} · ${wrong}`);
        else kept.push({ src: fileOf((await one.mutateAsync(ready)).id), alt: "" });
      } catch (error) {
        void message.error(`${file.name} · ${problemText(error)}`);
      } finally {
        setGoing((n) => n - 1);
      }
    }
    return kept;
  };
  return { upload, isUploading: going > 0 };
}
