// The module to load: defines <tandem-search>.

import { TandemSearch } from "./element.js";

if (!customElements.get("tandem-search")) customElements.define("tandem-search", TandemSearch);

export { TandemSearch };
