/** Every word of this language: those of `index.ts`, and those that come with their pages. For types and tests. */
import articles from "./articles.json";
import broadcasts from "./broadcasts.json";
import first from "./index";
import menus from "./menus.json";
import qrcodes from "./qrcodes.json";
import sends from "./sends.json";
import templates from "./templates.json";

export default { ...first, ...articles, ...broadcasts, ...menus, ...qrcodes, ...sends, ...templates };
