/** Decodes AMR, which WeChat records voices in and no browser plays. The codec answers messages by itself. */
import codec from "benz-amr-recorder/src/amrnb.js";

codec();
