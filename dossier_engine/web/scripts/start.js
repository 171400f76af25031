// Pages work without this file. With it, menus fold and the first error of a form is read aloud.
import { initAll } from "./frontend.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
