import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { WordsProvider } from "./words";
import "./ui/tokens.css";
import "./ui/base.css";
import "./phone/phone.css";
import "./phone/lists.css";
import "./phone/talk.css";
import "./phone/composer.css";
import "./phone/tools.css";
import "./drawer/drawer.css";
import "./control/control.css";
import "./authorize/authorize.css";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <WordsProvider>
      <App />
    </WordsProvider>
  </StrictMode>,
);
