// Runs before the first paint so that a dark room never sees a white flash and screen readers get the right language.
(() => {
  try {
    const theme = localStorage.getItem("hy.theme");
    const dark =
      theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    const language = localStorage.getItem("hy.language");
    if (language) document.documentElement.lang = language;
  } catch {
    document.documentElement.dataset.theme = "light";
  }
})();
